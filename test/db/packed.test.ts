import { Database } from '../../src/db/database.js';
import { noRows, PackedReader, packedOptional, packedRow, packedRows } from '../../src/db/packed.js';
import { type Sql, sql } from '../../src/db/sql.js';
import { workerDatabaseUrl } from '../support/database.js';

let database: Database;

beforeAll(async () => {
  database = new Database({ url: await workerDatabaseUrl(), poolSize: 1, lanes: 1 });
});

afterAll(() => database.close());

async function read(packed: Sql): Promise<PackedReader> {
  const [row] = await database.read<{ row: string }>(sql`select ${packed} as row`);
  return new PackedReader(row?.row ?? '');
}

test('brings cells of any type in their order, null as nothing', async () => {
  const cells = [sql`7`, sql`null`, sql`true`, sql`'a b'`, sql`'\\x00ff'::bytea`, sql`null`];

  const reader = await read(packedRow(cells));

  expect(cells.map(() => reader.next())).toEqual(['7', '', 't', 'a b', '\\x00ff', '']);
});

test('brings more cells than PostgreSQL takes arguments', async () => {
  const numbers = Array.from({ length: 250 }, (_, index) => String(index));

  const reader = await read(packedRow(numbers.map((number) => sql`${number}::text`)));

  expect(numbers.map(() => reader.next())).toEqual(numbers);
});

test('brings rows in the order of their subquery, and what stands behind them', async () => {
  const from = sql`(select n from generate_series(1, 3) n order by n desc) s`;
  const rows = packedRows(packedRow([sql`s.n`, sql`s.n * 10`]), from);

  const reader = await read(packedRow([rows, sql`'end'`]));

  expect(reader.rows(() => [reader.next(), reader.next()])).toEqual([
    ['3', '30'],
    ['2', '20'],
    ['1', '10'],
  ]);
  expect(reader.next()).toBe('end');
});

test.each([
  ['rows of which there are none', packedRows(packedRow([sql`n`]), sql`generate_series(1, 0) n`)],
  ['no rows', noRows],
])('brings %s, and what stands behind them', async (_, rows) => {
  const reader = await read(packedRow([rows, sql`'end'`]));

  expect(reader.rows(() => reader.next())).toEqual([]);
  expect(reader.next()).toBe('end');
});

test.each([
  [1, ['1', 'one']],
  [0, null],
])('brings a row that may not be there, of %s rows', async (count, expected) => {
  const row = packedOptional(packedRow([sql`n`, sql`'one'`]), sql`generate_series(1, ${count}::integer) n`);

  const reader = await read(packedRow([row, sql`'end'`]));

  expect(reader.optional(() => [reader.next(), reader.next()])).toEqual(expected);
  expect(reader.next()).toBe('end');
});
