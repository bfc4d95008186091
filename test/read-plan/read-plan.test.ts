import { Database } from '../../src/db/database.js';
import { raw, type Sql, sql } from '../../src/db/sql.js';
import { instantColumn, instantOf, jsonRows, sealedColumn } from '../../src/read-plan/columns.js';
import { type ChildKind, type Noun, PlanDraft, ReadPlan, type Row } from '../../src/read-plan/read-plan.js';
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

const things = (rows: (columns: Sql, merchant: Sql) => Sql): ChildKind<Thing, Thing> => ({
  sql: ({ columns, merchant: id }) => jsonRows(rows(columns, id)),
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

test('names the merchant of each request, by one plan that all share', async () => {
  const kind = things((columns, id) => sql`select ${columns} from (select ${id}::text as m) t`);
  const named = new ReadPlan(aNoun({ id: raw('t.m') }), ['id']);
  const plan = new ReadPlan(values, ['id'], [{ kind, plan: named }]);

  const [ours, theirs] = ['ours', 'theirs'].map((id) => plan.columns({ ...merchant, id } as MerchantScope));

  expect([ours?.values, theirs?.values]).toEqual([['ours'], ['theirs']]);
  expect(ours?.text).toBe(theirs?.text);
  expect((await read(plan)).things?.[0]?.row).toEqual({ id: 'ours' });
});

test('reads a table that the statement changes from the query in its place', () => {
  const kind: ChildKind<Thing, Thing> = { sql: ({ table }) => table('addresses'), put: () => {} };
  const plan = new ReadPlan(values, ['id'], [{ kind, plan: new ReadPlan(values, ['id']) }]);

  const texts = ['addresses', 'payment_methods', ''].map((changed) => plan.columns(merchant, changed).text);

  expect(texts.map((text) => text.includes('addresses_after'))).toEqual([true, false, false]);
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
