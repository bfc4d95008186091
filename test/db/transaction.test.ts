import { Database } from '../../src/db/database.js';
import { ReferenceViolation, UniqueViolation } from '../../src/db/errors.js';
import { applyMigrations } from '../../src/db/migrations.js';
import { sql } from '../../src/db/sql.js';
import { emptyDatabaseUrl, queryAs, workerDatabaseUrl } from '../support/database.js';

let database: Database;
let count = 0;

beforeAll(async () => {
  database = new Database({ url: await workerDatabaseUrl(), poolSize: 2, lanes: 1 });
});

afterAll(() => database.close());

/** An id that no merchant has yet. */
const anId = () => {
  count += 1;
  return `${process.pid}${count}`.padStart(24, 'f');
};
const insertMerchant = (id: string) =>
  sql`insert into merchants (id, name, mode, created_at) values (${id}, 'One', 'test', now()) returning 1 as row`;
const insertKey = (merchantId: string) =>
  sql`insert into api_keys (merchant_id, id, label, preview, secret_hash, scopes, created_at)
    values (${merchantId}, ${anId()}, 'Key', 'sk', sha256('x'), array['ADMIN'], now()) returning 1 as row`;
const merchantsWith = (id: string) =>
  database.read<{ row: number }>(sql`select count(*)::int as row from merchants where id = ${id}`);
const fails = sql`select 1 / 0 as row`;

test('keeps what a transaction wrote when a look-up in it fails and is caught', async () => {
  const id = anId();

  await database.transaction(async (transaction) => {
    await transaction.write(insertMerchant(id));
    await transaction.read(fails).catch(() => undefined);
    await transaction.read(fails).catch(() => undefined);
  });

  expect(await merchantsWith(id)).toEqual([{ row: 1 }]);
});

test('takes back the change that fails in a transaction, and none before it', async () => {
  const [first, second] = [anId(), anId()];

  await database.transaction(async (transaction) => {
    await transaction.write(insertMerchant(first));
    await transaction.write(insertMerchant(first)).catch((error: unknown) => {
      if (!(error instanceof UniqueViolation)) throw error;
    });
    await transaction.read(sql`select 1 as row`);
    await transaction.write(insertMerchant(second));
  });

  expect([await merchantsWith(first), await merchantsWith(second)]).toEqual([[{ row: 1 }], [{ row: 1 }]]);
});

test('takes a foreign key that is violated twice for violated for good, and says which', async () => {
  const before = database.activity.conflictRetries;

  const error = await database.write(insertKey(anId())).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(ReferenceViolation);
  expect(error).toMatchObject({ constraint: 'api_keys_merchant_id_fkey' });
  expect(database.activity.conflictRetries - before).toBe(1);
});

test('asks again when what a row refers to was not there for a moment', async () => {
  const id = anId();
  let attempts = 0;

  const rows = await database.transaction(async (transaction) => {
    attempts += 1;
    if (attempts === 2) await transaction.write(insertMerchant(id));
    return transaction.write(insertKey(id));
  });

  expect([rows, attempts]).toEqual([[{ row: 1 }], 2]);
});

test('asks every way at a ping, and fails it where the database takes no changes', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  const name = new URL(url).pathname.slice(1);
  const writable = new Database({ url, poolSize: 1, lanes: 1, scans: 1 });
  await writable.ping();
  const { rows } = await queryAs(
    url,
    `select count(*)::int as n from pg_stat_activity where datname = $1 and application_name = 'customer-vault'`,
    [name],
  );
  await writable.close();
  await queryAs(url, `alter database ${name} set default_transaction_read_only = on`);
  const readOnly = new Database({ url, poolSize: 1, lanes: 1, scans: 1 });

  await expect(readOnly.ping()).rejects.toMatchObject({ failure: 'unavailable' });

  // Look-ups of the server's own and of merchants, counts, additions, changes.
  expect(rows).toEqual([{ n: 5 }]);
  await readOnly.close();
});
