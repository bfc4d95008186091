import type { Database } from '../../src/db/database.js';
import type { Queries } from '../../src/db/queries.js';
import { deleteExpiredRecords } from '../../src/idempotency/idempotency.repository.js';
import { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { isReplay, keyed } from '../support/keyed.js';
import { aKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

// PostgreSQL keeps advisory locks in one server: where tables are sharded, two servers of ours may be connected to
// different nodes and get the same one.

const vault = await startVault();

afterAll(() => vault.close());

/** A server that is connected to a node of its own: it gets every lock on an idempotency key. */
async function aServerElsewhere() {
  const server = await startVault({ keyring: vault.keyring });
  const { database } = server;
  const transaction: Database['transaction'] = database.transaction.bind(database);
  database.transaction = (work, owner) =>
    transaction(
      (queries) =>
        work({
          read: (statement) => queries.read(statement),
          write: (statement) => queries.write(statement),
          transaction: (inner) => queries.transaction(inner),
          beforeCommit: (statement) => queries.beforeCommit(statement),
          readAll: async (statements) => {
            const [, ...rows] = await queries.readAll(statements);
            return [[{ is_locked: true }], ...rows];
          },
        }),
      owner,
    );
  return server;
}

test('calls under one key over different nodes have one effect and one answer', async () => {
  const { headers, merchantId } = await aKey(vault);
  const elsewhere = await aServerElsewhere();
  const clients = [new Client(vault.url, headers), new Client(elsewhere.url, headers)];
  try {
    for (let round = 0; round < 6; round += 1) {
      // Every second round finds a record whose time is over.
      const number = Math.floor(round / 2);
      if (round % 2 === 1) await makeOld(merchantId);
      const input = { name: 'Ada', email: `${number}@example.com` };
      const calls = Array.from({ length: 12 }, (_, index) => {
        const client = clients[index % 2] as Client;
        return keyed(client, 'createCustomer', `key-${number}`, input);
      });
      const answers = await Promise.all(calls);

      const payloads = answers.map((answer) => answer.expectData().createCustomer);
      const made = payloads.filter(({ customer }) => customer !== null).map(({ customer }) => customer.id);
      const codes = payloads.flatMap(({ userErrors }) =>
        userErrors.map(({ code }: { code: string }) => code),
      );
      expect(new Set(made).size).toBe(1);
      expect(made.length + codes.length).toBe(12);
      // Where the lock works, a call at the same moment is told so.
      expect(new Set([...codes, 'IDEMPOTENCY_IN_PROGRESS'])).toEqual(new Set(['IDEMPOTENCY_IN_PROGRESS']));
      expect(answers.filter((answer) => isReplay(answer)).length).toBe(made.length - 1);
      // Every other call of the server elsewhere met the record when it came to write its own.
      expect(made.length).toBeGreaterThanOrEqual(6);
    }
    const listed = await (clients[0] as Client).execute('{ customers { totalCount } }');
    expect(listed.expectData().customers.totalCount).toBe(6);
    expect(elsewhere.database.activity.conflictRetries).toBeGreaterThan(0);
  } finally {
    await elsewhere.close();
  }
});

async function makeOld(merchantId: string): Promise<void> {
  await queryAs(
    vault.databaseUrl,
    `update idempotency_records set created_at = now() - interval '25 hours' where merchant_id = $1`,
    [merchantId],
  );
}

/** Old records of a merchant, and how many it has left. */
async function age(merchantId: string, count: number): Promise<void> {
  await queryAs(
    vault.databaseUrl,
    `insert into idempotency_records (merchant_id, key_hash, arguments_hash, result, created_at)
     select $1, sha256(n::text::bytea), sha256(''), '{}', now() - interval '25 hours' from generate_series(1, $2) n`,
    [merchantId, count],
  );
}

async function left(merchantId: string): Promise<number> {
  const { rows } = await queryAs<{ count: number }>(
    vault.databaseUrl,
    'select count(*)::integer as count from idempotency_records where merchant_id = $1',
    [merchantId],
  );
  return rows[0]?.count ?? 0;
}

test("removes each merchant's old records by themselves, but for one that is used anew meanwhile", async () => {
  await deleteExpiredRecords(vault.database);
  const [one, other] = [await aKey(vault), await aKey(vault)];
  await age(one.merchantId, 3);
  await age(other.merchantId, 2);
  const deleted: unknown[] = [];
  const meanwhile: Queries = {
    read: async (statement) => {
      const rows = await vault.database.read<never>(statement);
      await queryAs(
        vault.databaseUrl,
        `update idempotency_records set created_at = now() where merchant_id = $1 and key_hash = sha256('2')`,
        [one.merchantId],
      );
      return rows;
    },
    write: (statement) => {
      deleted.push(statement.values[0]);
      return vault.database.write(statement);
    },
    transaction: (work) => vault.database.transaction(work),
  };

  const removed = await deleteExpiredRecords(meanwhile);

  expect(removed).toBe(4);
  expect(deleted.sort()).toEqual([one.merchantId, other.merchantId].sort());
  expect([await left(one.merchantId), await left(other.merchantId)]).toEqual([1, 0]);
});

test('two servers that remove old records at once remove each once', async () => {
  const { merchantId } = await aKey(vault);
  await age(merchantId, 400);

  const removed = await Promise.all([1, 2, 3].map(() => deleteExpiredRecords(vault.database)));

  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(400);
  expect(await left(merchantId)).toBe(0);
});
