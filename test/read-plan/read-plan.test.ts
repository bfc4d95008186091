import { Database } from '../../src/db/database.js';
import { raw, type Sql, sql } from '../../src/db/sql.js';
import { instantColumn, instantOf, jsonRows, sealedColumn } from '../../src/read-plan/columns.js';
import {
  type ChangedRow,
  type ChildKind,
  type Noun,
  PlanDraft,
  ReadPlan,
  type Row,
} from '../../src/read-plan/read-plan.js';
import type { MerchantScope } from '../../src/sealing/merchant-scope.js';
import { workerDatabaseUrl } from '../support/database.js';

const merchant = { id: 'ours', owner: 'ours' } as MerchantScope;
let database: Database;

beforeAll(async () => {
  database = new Database({ url: await workerDatabaseUrl(), poolSize: 1, lanes: 1 });
});

afterAll(() => database.close());

interface Thing {
  row: Row;
  things?: Thing[];
}

/** Its objects are the rows that they are made of. */
const aNoun = (columns: Record<string, Sql>): Noun<Thing> => ({
  typeName: 'Thing',
  columns,
  make: (row) => ({ row }),
});

const things = (rows: (columns: Sql) => Sql): ChildKind<Thing, Thing> => ({
  sql: ({ columns }) => jsonRows(rows(columns)),
  put: (thing, json: readonly Row[] | null, plan) => {
    thing.things = plan.readBelow(json, merchant);
  },
});

async function read(plan: ReadPlan<Thing>): Promise<Thing> {
  const rows = await database.read<Row>(sql`select ${plan.columns(merchant)} from (select) as nothing`);
  const [thing] = await plan.readAll(rows, merchant);
  if (!thing) throw new Error('There is no row.');
  return thing;
}

const values = aNoun({
  id: raw('7'),
  nothing: raw('null::text'),
  yes: raw('true'),
  text: raw(`'a b'`),
  sealed: sealedColumn(`'\\x00ff'::bytea`),
  at: instantColumn(`timestamptz '2023-07-13T05:28:11.100Z'`),
});
const valuesAsRead = {
  id: 7,
  nothing: null,
  yes: true,
  text: 'a b',
  sealed: 'AP8=',
  at: '2023-07-13 05:28:11.1+00',
};

test('brings columns of any type in the same form, whether at the top or below', async () => {
  const names = Object.keys(values.columns);
  const one = things((columns) => sql`select ${columns}`);

  const top = await read(new ReadPlan(values, names, [{ kind: one, plan: new ReadPlan(values, names) }]));

  expect(top.row).toMatchObject(valuesAsRead);
  expect(top.things?.map(({ row }) => row)).toEqual([valuesAsRead]);
});

test('brings more columns than PostgreSQL takes arguments', async () => {
  const numbers = Array.from({ length: 250 }, (_, index) => [`n${index}`, index] as const);
  const many = aNoun({
    id: raw('1'),
    ...Object.fromEntries(numbers.map(([name, n]) => [name, raw(`${n}`)])),
  });
  const plan = new ReadPlan(many, Object.keys(many.columns));
  const one = things((columns) => sql`select ${columns}`);

  const { things: below } = await read(new ReadPlan(many, ['id'], [{ kind: one, plan }]));

  expect(below?.[0]?.row).toEqual({ id: 1, ...Object.fromEntries(numbers) });
});

test.each([
  ['many', 3, ['3', '2', '1']],
  ['no', 0, []],
])('brings %s rows in the order of their subquery', async (_, count, expected) => {
  const number = aNoun({ id: raw('n::text') });
  const kind = things(
    (columns) => sql`select ${columns} from generate_series(1, ${count}::integer) n order by n desc`,
  );

  const top = await read(new ReadPlan(values, ['id'], [{ kind, plan: new ReadPlan(number, ['id']) }]));

  expect(top.things?.map(({ row }) => row['id'])).toEqual(expected);
});

test('brings more children than have a name of their own, each to its place', async () => {
  const found: unknown[] = [];
  const children = Array.from({ length: 120 }, (_, index) => ({
    kind: { sql: () => sql`${index}::integer`, put: (_thing: Thing, json: number) => void found.push(json) },
    plan: new ReadPlan(values, ['id']),
  }));

  await read(new ReadPlan(values, ['id'], children));

  expect(found).toEqual(children.map((_, index) => index));
});

/** The numbers from 1 to 4 of two merchants, and what the statement has made of the second one. */
const numbers = sql`numbers as (
    select m.merchant_id, n::text as id from (values ('ours'), ('theirs')) m (merchant_id), generate_series(1, 4) n
  ),
  written as (select 'ours' as merchant_id, '9' as id)`;
const numberPlan = new ReadPlan(
  values,
  ['id'],
  [
    {
      kind: {
        sql: ({ columns, rows }) => {
          const largest = rows('numbers', 't', sql`t.id > '1'`, sql`order by t.id desc limit 3`);
          return jsonRows(sql`select ${columns} from (${largest}) t`);
        },
        put: (thing: Thing, json: readonly Row[], plan: ReadPlan<Thing>) => {
          thing.things = plan.readBelow(json, merchant);
        },
      },
      plan: new ReadPlan(aNoun({ id: raw('t.id'), merchant: raw('t.merchant_id') }), ['id', 'merchant']),
    },
  ],
);

test.each<[string, ChangedRow | undefined, string[]]>([
  ['as they are', undefined, ['4', '3', '2']],
  ['where the statement changes another table', { table: 'others', id: '3' }, ['4', '3', '2']],
  ['without the one that the statement deletes', { table: 'numbers', id: '3' }, ['4', '2']],
  [
    'with the one that the statement writes',
    { table: 'numbers', id: '3', written: 'written' },
    ['9', '4', '2'],
  ],
  ['where it writes none after all', { table: 'numbers', id: null, written: 'nothing' }, ['4', '3', '2']],
])('brings the rows of a merchant %s', async (_, changed, expected) => {
  const columns = numberPlan.columns(merchant, changed);
  const rows = await database.read<Row>(sql`with ${numbers}, nothing as (select * from written limit 0)
    select ${columns} from (select) as top`);

  const [top] = await numberPlan.readAll(rows, merchant);

  expect(top?.things?.map(({ row }) => row)).toEqual(expected.map((id) => ({ id, merchant: 'ours' })));
});

test('has one text for all merchants and rows, with their ids as values', () => {
  const [ours, theirs] = ['ours', 'theirs'].map((id) =>
    numberPlan.columns({ ...merchant, id } as MerchantScope, { table: 'numbers', id: `${id} row` }),
  );

  expect(ours?.text).toBe(theirs?.text);
  expect([ours?.values, theirs?.values]).toEqual([
    ['ours', 'ours row'],
    ['theirs', 'theirs row'],
  ]);
});

test('cannot be changed any more, nor what is below it', () => {
  const draft = new PlanDraft(values);
  const below = new PlanDraft(values);
  draft.addChild(
    'one',
    things(() => sql`select`),
    below,
  );

  const plan = draft.finish();
  draft.addColumns('text');
  below.addColumns('text');

  expect(plan.columnNames).toEqual(['id']);
  expect(plan.children[0]?.plan.columnNames).toEqual(['id']);
  for (const frozen of [plan, plan.columnNames, plan.children]) expect(Object.isFrozen(frozen)).toBe(true);
});

test('columns that a repository needs itself are in a copy, the same one each time', () => {
  const plan = new ReadPlan(values, ['id', 'text']);

  const copy = plan.with('id', 'yes');

  expect(copy.columnNames).toEqual(['id', 'text', 'yes']);
  expect(plan.columnNames).toEqual(['id', 'text']);
  expect(plan.with('yes')).toBe(copy);
  expect(plan.with('id')).toBe(plan);
});

test('what is selected twice is read once, with all that is selected below it', () => {
  const draft = new PlanDraft(values);
  const kind = things(() => sql`select`);
  for (const name of ['text', 'yes']) {
    const below = new PlanDraft(values);
    below.addColumns(name);
    draft.addChild('one', kind, below);
  }

  expect(draft.finish().children.map(({ plan }) => plan.columnNames)).toEqual([['id', 'text', 'yes']]);
});

test.each<[string, Row]>([
  ['a column', { id: 1, child_0: null }],
  ['a child', { id: 1, text: '' }],
])('a row that lacks %s of its plan fails', (_, row) => {
  const kind = things(() => sql`select`);
  const plan = new ReadPlan(values, ['id', 'text'], [{ kind, plan: new ReadPlan(values, ['id']) }]);

  expect(plan.read({ id: 1, text: '', child_0: null }, merchant).things).toEqual([]);
  expect(() => plan.read(row, merchant)).toThrow('lacks the column');
});

test.each([
  ['2023-07-13 05:28:11+00', '2023-07-13T05:28:11.000Z'],
  ['2023-07-13 05:28:11.1+00', '2023-07-13T05:28:11.100Z'],
  ['2023-07-13 05:28:11.139+00', '2023-07-13T05:28:11.139Z'],
])('reads the instant %s', (text, expected) => {
  expect(instantOf(text)).toBe(expected);
});

test('refuses an instant of another time zone', () => {
  expect(() => instantOf('2023-07-13 07:28:11.139+02')).toThrow('not in UTC');
});
