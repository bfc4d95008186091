import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Database } from '../../src/db/database.js';
import { raw, type Sql, sql } from '../../src/db/sql.js';
import { workerDatabaseUrl } from '../support/database.js';

// What one owner, A, does must not keep another one, B, from anything. Nothing here depends on how fast it goes: A
// waits for a lock that the test holds, and what B asks is answered before that is given back.
const LOCK = 4712;
const one = sql`select 1 as row`;
const waits = (mark = sql``) =>
  sql`select ${mark} 1 as row from (select pg_advisory_xact_lock(${LOCK})) as held`;

let url: string;
let holder: pg.Client;
const opened: Database[] = [];

beforeAll(async () => {
  url = await workerDatabaseUrl();
  holder = new pg.Client({ connectionString: url });
  await holder.connect();
});

beforeEach(() => holder.query('select pg_advisory_lock($1)', [LOCK]));
afterEach(() => holder.query('select pg_advisory_unlock_all()'));

afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await holder.end();
});

function aDatabase(options: { poolSize?: number; lanes?: number; scans?: number } = {}): Database {
  const database = new Database({ url, poolSize: 10, lanes: 3, scans: 4, ...options });
  opened.push(database);
  return database;
}

/** Calls of A, and how many of them have ended so far. */
function callsOf(count: number, call: () => Promise<unknown>) {
  const state = { ended: 0 };
  const calls = Array.from({ length: count }, () =>
    call().finally(() => {
      state.ended += 1;
    }),
  );
  const outcomes = Promise.allSettled(calls);
  return { state, outcomes };
}

/** One call of every kind. */
const everything = (database: Database, owner: string) => {
  const queries = database.for(owner);
  return Promise.all([
    queries.read(one),
    database.send('scan', one, owner),
    database.send('append', one, owner),
    queries.write(one),
    queries.transaction((transaction) => transaction.write(one)),
    database.read(one),
    database.write(one),
  ]);
};

const failuresIn = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.failure] : []));

test.each<[string, (database: Database) => Promise<unknown>]>([
  ['counts and searches', (database) => database.send('scan', waits(), 'A')],
  ['changes', (database) => database.for('A').write(waits())],
  ['transactions', (database) => database.for('A').transaction((transaction) => transaction.write(waits()))],
])('answers B while 150 %s of A wait', async (_, call) => {
  const database = aDatabase();
  await everything(database, 'B');
  const { state, outcomes } = callsOf(150, () => call(database));

  const answered = await everything(database, 'B');

  expect(answered).toEqual(answered.map(() => [{ row: 1 }]));
  expect(state.ended).toBe(0);
  await holder.query('select pg_advisory_unlock_all()');
  expect(failuresIn(await outcomes)).toEqual([]);
});

test('refuses at once what A asks beyond the thousand that may wait', async () => {
  const database = aDatabase();
  await everything(database, 'B');

  const { state, outcomes } = callsOf(1_100, () => database.send('scan', waits(), 'A'));
  await database.send('scan', one, 'B');

  // Two are sent, and 1,000 wait.
  expect(state.ended).toBe(98);
  await holder.query('select pg_advisory_unlock_all()');
  expect(failuresIn((await outcomes).slice(-98))).toEqual(Array(98).fill('overloaded'));
});

test('sends a look-up that grows over other connections than the others', async () => {
  const database = aDatabase();
  const pids = (mark: Sql) =>
    Promise.all(
      Array.from({ length: 20 }, () =>
        database
          .for('A')
          .read<{ row: number }>(sql`select ${mark} pg_backend_pid() as row from pg_sleep(0.01)`),
      ),
    );

  const [usual, growing] = [await pids(sql``), await pids(raw('/* grows */'))].map(
    (all) => new Set(all.flat().map(({ row }) => row)),
  );

  expect([...(usual ?? [])].filter((pid) => growing?.has(pid))).toEqual([]);
  // Half of the four that there are.
  expect(growing?.size).toBe(2);
});

test('has PostgreSQL end a look-up of A that takes too long, and answers those of B behind it', async () => {
  const database = aDatabase({ lanes: 1 });
  await database.for('B').read(one);
  const { outcomes } = callsOf(1, () => database.for('A').read(sql`select 1 as row from pg_sleep(20)`));

  const [, ...behind] = await Promise.all([
    outcomes,
    ...Array.from({ length: 3 }, () =>
      database.for('B').read<{ row: number }>(sql`select pg_backend_pid() as row`),
    ),
  ]);

  expect(failuresIn(await outcomes)).toEqual(['timeout']);
  // The lane is the same afterwards.
  expect(behind[2]).toEqual(await database.for('B').read(sql`select pg_backend_pid() as row`));
});

test('gives up a connection over which nothing comes, and no other', async () => {
  const database = aDatabase({ lanes: 2 });
  const ask = sql`select pg_backend_pid() as row from pg_sleep(0.05)`;
  const pids = (await Promise.all([1, 2].map(() => database.for('A').read<{ row: number }>(ask))))
    .flat()
    .map(({ row }) => row);
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  try {
    const outcomes = await Promise.allSettled([1, 2].map(() => database.for('A').read<{ row: number }>(ask)));

    expect(failuresIn(outcomes)).toEqual(['timeout']);
    expect(outcomes).toContainEqual({ status: 'fulfilled', value: [{ row: pids[1] }] });
    await expect(database.for('B').read(one)).resolves.toEqual([{ row: 1 }]);
  } finally {
    process.kill(pids[0] ?? 0, 'SIGCONT');
  }
});

test('takes no time in which this process was held up itself for a silence of PostgreSQL', async () => {
  const database = aDatabase({ lanes: 1 });
  await database.for('A').read(one);

  const reading = Promise.all([database.for('A').read(one), database.for('B').read(one)]);
  await sleep(1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);

  await expect(reading).resolves.toEqual([[{ row: 1 }], [{ row: 1 }]]);
});

test('keeps a frequent statement prepared while another owner sends 2,000 others twice', async () => {
  const database = aDatabase({ lanes: 1 });
  const frequent = () => database.for('B').read<{ row: number }>(sql`select 4711 as row`);
  await frequent();
  for (let number = 0; number < 2_000; number += 1) {
    const other = sql`select ${raw(String(number))} as row`;
    await Promise.all([database.for('A').read(other), database.for('A').read(other)]);
    if (number % 10 === 0) await frequent();
  }

  const [prepared] = await database
    .for('B')
    .read<{ texts: string[] }>(sql`select array_agg(statement) as texts from pg_prepared_statements`);

  expect(prepared?.texts).toContainEqual(expect.stringMatching('^select 4711 as row'));
  expect(prepared?.texts.length).toBeLessThanOrEqual(102);
  expect(await frequent()).toEqual([{ row: 4711 }]);
});

test('counts the names of one connection while they are given back on all', async () => {
  const database = aDatabase({ lanes: 1, poolSize: 1 });
  for (let number = 0; number < 700; number += 1) {
    const text = sql`select ${raw(String(number))} as row`;
    for (let times = 0; times < 2; times += 1) await database.write(text);
  }

  const [prepared] = await database.write<{ row: number }>(
    sql`select count(*)::int as row from pg_prepared_statements`,
  );

  expect(prepared).toEqual({ row: 300 });
});

test('leaves a connection in the pool after an error that PostgreSQL reports', async () => {
  const database = aDatabase({ poolSize: 1 });
  const pid = () => database.write<{ row: number }>(sql`select pg_backend_pid() as row`);
  const before = await pid();

  await expect(database.write(sql`select 1 / 0 as row`)).rejects.toMatchObject({ code: '22012' });

  expect(await pid()).toEqual(before);
});

test('has one process of PostgreSQL work for a connection, so that a share is what it says', async () => {
  const settings = await aDatabase().send(
    'scan',
    sql`select current_setting('max_parallel_workers_per_gather') as workers, current_setting('jit') as jit`,
  );

  expect(settings).toEqual([{ workers: '0', jit: 'off' }]);
});
