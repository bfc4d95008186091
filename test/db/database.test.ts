import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../src/db/database.js';
import { DatabaseError, UniqueViolation } from '../../src/db/errors.js';
import { sql } from '../../src/db/sql.js';
import { WAYS } from '../../src/db/ways.js';
import { queryAs, workerDatabaseUrl } from '../support/database.js';

let url: string;
const opened: Database[] = [];

beforeAll(async () => {
  url = await workerDatabaseUrl();
});

afterAll(() => Promise.all(opened.map((database) => database.close())));

function aDatabase({ poolSize = 2, lanes = 2, scans = 2 } = {}): Database {
  const database = new Database({ url, poolSize, lanes, scans });
  opened.push(database);
  return database;
}

/** Why a call failed, and after how many milliseconds. */
async function failureOf(call: Promise<unknown>): Promise<{ failure: string; after: number }> {
  const start = Date.now();
  const error = await call.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DatabaseError)) throw error;
  return { failure: error.failure, after: Date.now() - start };
}

/** The processes in PostgreSQL that serve a database's connections. */
async function backendsOf(database: Database): Promise<number[]> {
  const ask = sql`select pg_backend_pid() as row`;
  const pids = await Promise.all([
    database.read<{ row: number }>(ask),
    ...Array.from({ length: 10 }, () => database.for('A').read<{ row: number }>(ask)),
    ...Array.from({ length: 2 }, () =>
      database.write<{ row: number }>(sql`select pg_backend_pid() as row from pg_sleep(0.05)`),
    ),
  ]);
  return [...new Set(pids.flat().map(({ row }) => row))];
}

/** Ends the connections as `kill` on their processes would. */
async function killBackends(pids: readonly number[]): Promise<void> {
  await queryAs(url, 'select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
  for (let alive = 1; alive > 0; await sleep(10)) {
    const { rows } = await queryAs<{ n: number }>(
      url,
      'select count(*)::int as n from pg_stat_activity where pid = any($1::int[])',
      [pids],
    );
    alive = rows[0]?.n ?? 0;
  }
}

test.each(WAYS)('acts as vault_runtime on the way of a %s', async (way) => {
  const [row] = await aDatabase().send(
    way,
    sql`select current_user::text as role, current_setting('timezone') as zone`,
  );

  expect(row).toEqual({ role: 'vault_runtime', zone: 'UTC' });
});

test('keeps its values out of the SQL', async () => {
  const database = aDatabase();
  const value = "'; drop table customers; --";

  const answers = await Promise.all(WAYS.map((way) => database.send(way, sql`select ${value} as row`)));

  expect(answers).toEqual(WAYS.map(() => [{ row: value }]));
});

test('shares its lanes among any number of look-ups', async () => {
  const database = aDatabase({ lanes: 2 });

  const pids = await Promise.all(
    Array.from({ length: 50 }, () =>
      database.for('A').read<{ row: number }>(sql`select pg_backend_pid() as row`),
    ),
  );

  expect(new Set(pids.flat().map(({ row }) => row)).size).toBe(2);
});

test('gives each of many pipelined reads its own rows', async () => {
  const database = aDatabase({ lanes: 1 });

  const rows = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      database.for('A').read<{ row: number }>(sql`select ${index}::int as row`),
    ),
  );

  expect(rows).toEqual(rows.map((_, index) => [{ row: index }]));
});

test('goes on with the reads behind one that fails', async () => {
  const database = aDatabase({ lanes: 1 });

  const outcomes = await Promise.allSettled([
    database.read(sql`select 1 as row`),
    database.read(sql`select 1 / 0 as row`),
    database.read(sql`select 3 as row`),
  ]);

  expect(outcomes).toEqual([
    { status: 'fulfilled', value: [{ row: 1 }] },
    { status: 'rejected', reason: expect.objectContaining({ code: '22012' }) },
    { status: 'fulfilled', value: [{ row: 3 }] },
  ]);
});

test('works again at once after all its connections were killed', async () => {
  const database = aDatabase();
  await killBackends(await backendsOf(database));

  const rows = [await database.read(sql`select 1 as row`), await database.write(sql`select 2 as row`)];

  expect(rows).toEqual([[{ row: 1 }], [{ row: 2 }]]);
});

test('opens its read lanes anew when they are killed again and again', async () => {
  const database = aDatabase({ lanes: 2 });
  const seen = new Set<number>();
  for (let times = 0; times < 5; times += 1) {
    const pids = await backendsOf(database);
    for (const pid of pids) seen.add(pid);
    await killBackends(pids);
  }

  expect(await database.read(sql`select 1 as row`)).toEqual([{ row: 1 }]);
  expect(seen.size).toBeGreaterThanOrEqual(15);
});

test.each(WAYS)('says that it is unavailable when a %s is killed under way', async (way) => {
  const database = aDatabase({ lanes: 1, poolSize: 1 });
  const [backend] = await database.send<{ row: number }>(way, sql`select pg_backend_pid() as row`);
  const running = failureOf(database.send(way, sql`select 1 as row from pg_sleep(3)`));
  await sleep(100);

  await killBackends([backend?.row ?? 0]);

  expect(await running).toEqual({ failure: 'unavailable', after: expect.any(Number) });
  expect(await database.send(way, sql`select 1 as row`)).toEqual([{ row: 1 }]);
});

test('has a statement ended by PostgreSQL, a look-up that grows before the others', async () => {
  const database = aDatabase();

  const failures = await Promise.all(
    WAYS.map((way) => failureOf(database.send(way, sql`select 1 as row from pg_sleep(6)`))),
  );

  expect(failures.map(({ failure }) => failure)).toEqual(WAYS.map(() => 'timeout'));
  const after = Object.fromEntries(WAYS.map((way, index) => [way, failures[index]?.after ?? 0]));
  expect(after['scan']).toBeLessThan(Math.min(...['read', 'append', 'write'].map((way) => after[way] ?? 0)));
  expect(Math.max(...Object.values(after))).toBeLessThan(3_500);
  expect(await database.read(sql`select 1 as row`)).toEqual([{ row: 1 }]);
  expect(await database.write(sql`select 1 as row`)).toEqual([{ row: 1 }]);
});

test('says that it is overloaded when no connection comes free within 2 s', async () => {
  const database = aDatabase({ poolSize: 1 });
  const running = database.write(sql`select 1 as row from pg_sleep(2.6)`);
  await sleep(100);

  const { failure, after } = await failureOf(database.write(sql`select 2 as row`));

  expect(failure).toBe('overloaded');
  expect(after).toBeLessThan(2_500);
  expect(await running).toEqual([{ row: 1 }]);
  expect(await database.write(sql`select 3 as row`)).toEqual([{ row: 3 }]);
});

test('gives up waiting for a lock after 2 s', async () => {
  const database = aDatabase({ poolSize: 2 });
  const lock = sql`select 1 as row from (select pg_advisory_xact_lock(4711), pg_sleep(2.6)) as held`;
  const holding = database.write(lock);
  await sleep(100);

  const { failure, after } = await failureOf(
    database.write(sql`select 1 as row from (select pg_advisory_xact_lock(4711)) as wanted`),
  );

  expect([failure, after < 2_500]).toEqual(['timeout', true]);
  expect(await holding).toEqual([{ row: 1 }]);
});

test('says that it is unavailable where nobody listens', async () => {
  const away = new URL(url);
  away.port = '1';
  const database = new Database({ url: away.href, poolSize: 1, lanes: 1 });
  opened.push(database);

  const failures = await Promise.all(WAYS.map((way) => failureOf(database.send(way, sql`select 1 as row`))));

  expect(failures.map(({ failure }) => failure)).toEqual(WAYS.map(() => 'unavailable'));
});

test.each(WAYS)('names the unique constraint that refuses a %s', async (way) => {
  const database = aDatabase();
  const insert = sql`
    insert into merchants (id, name, mode, created_at)
    select m.id, 'Twice', 'test', now()
    from (values (${'a'.repeat(24)}), (${'a'.repeat(24)})) as m (id) returning 1 as row`;

  const error = await database.send(way, insert).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UniqueViolation);
  expect(error).toMatchObject({ constraint: 'merchants_pkey' });
});

test('answers a ping and fails it when the database is away', async () => {
  const database = new Database({ url, poolSize: 1, lanes: 1 });

  await expect(database.ping()).resolves.toBeUndefined();

  await database.close();
  await expect(database.ping()).rejects.toBeInstanceOf(Error);
});
