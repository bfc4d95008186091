import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import { addressFieldPlans } from '../../src/addresses/address.read-plan.js';
import { customerFieldPlans, customerNoun } from '../../src/customers/customer.read-plan.js';
import { features } from '../../src/features.js';
import { foldFeatures } from '../../src/graphql/folded-features.js';
import { costOf } from '../../src/graphql/request/query-cost.js';
import { createSchema } from '../../src/graphql/schema.js';
import { paymentMethodFieldPlans } from '../../src/payment-methods/payment-method.read-plan.js';
import type { FieldPlan, Planning } from '../../src/read-plan/planner.js';
import { type Noun, PlanDraft } from '../../src/read-plan/read-plan.js';

const schema = createSchema('schema', features);
const LIMIT = 5_000;

/** The cost of an operation, which is the same at every use of its document. */
function cost(query: string, variables: object = {}, operationName?: string): number {
  const document = parse(query);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('The document does not say which operation is meant.');
  const costs = Array.from({ length: 5 }, () =>
    costOf(schema, document, operation, variables as Record<string, unknown>),
  );
  expect(new Set(costs).size).toBe(1);
  return costs[0] as number;
}

const page = (rest: string) => `{ customers(${rest}) { nodes { id } } }`;

test.each<[number, string, object?]>([
  [0, '{ __typename }'],
  [1, '{ customer(id: "0") { id } }'],
  [1, '{ node(id: "0") { id } }'],
  [2, '{ node(id: "0") { ... on PaymentMethod { customer { id } } ... on Address { id } } }'],
  [3, '{ nodes(ids: ["1", "2", "3"]) { id } }'],
  [20, '{ customers { nodes { id } } }'],
  [20, '{ customers { edges { node { id } } } }'],
  [40, '{ customers { edges { node { id } } nodes { id } } }'],
  [7, page('first: 7')],
  [7, page('last: 7, first: null')],
  [20, page('first: null')],
  [255, '{ customers(first: 5) { nodes { id addresses { id } } } }'],
  [10, '{ customers(first: 5) { nodes { id defaultAddress { id } } } }'],
  [110, '{ customers(first: 10) { nodes { paymentMethods(first: 10) { nodes { id } } } } }'],
  [210, '{ customers(first: 10) { nodes { paymentMethods { nodes { id } } } } }'],
  [12, '{ resolvePaymentToken(token: "0") { customer { id } paymentMethod { id } alternatives { id } } }'],
  [20, '{ customers @include(if: false) { nodes { id } } }'],
  [20, '{ ...A ...A } fragment A on Query { customers { nodes { id } } }'],
  [
    40,
    '{ ...A b: customers { ...B } } fragment A on Query { customers { ...B } } fragment B on CustomerConnection { nodes { id } }',
  ],
  [
    51,
    'mutation { addAddress(input: { customerId: "0", address: { label: "a" } }) { customer { addresses { id } } } }',
  ],
  // What leads back to the customer is shown each time.
  [101, '{ customer(id: "0") { addresses { customer { id } } } }'],
  [5_101, '{ me { addresses { customer { addresses { customer { id } } } } } }'],
  // A page is read whatever is shown of it.
  [100, '{ customers(first: 100) { pageInfo { endCursor } } }'],
  [10_100, '{ customers(first: 100) { nodes { paymentMethods(first: 100) { pageInfo { hasNextPage } } } } }'],
  // Cursors are sealed, and what is sealed is opened: a customer together with its metadata.
  [110, '{ customers(first: 100) { edges { cursor node { id } } } }'],
  [400, '{ customers(first: 100) { nodes { name } } }'],
  [400, '{ customers(first: 100) { nodes { name email phone } } }'],
  [56, '{ customer(id: "0") { id ...A } } fragment A on Customer { addresses { city label } token }'],
  [110, '{ nodes(ids: ["1"]) { ... on Customer { paymentMethods(first: 99) { nodes { label } } } } }'],
  // Metadata are written for each name.
  [9, '{ customer(id: "0") { metadata } }'],
  [14, '{ customer(id: "0") { metadata a: metadata } }'],
  [9, '{ customer(id: "0") { metadata metadata } }'],
  // Many fields, those of objects without an id among them.
  [100, `{ nodes(ids: [${'"1" '.repeat(100)}]) { ${aliases(10, 'id')} } }`],
  [125, `{ nodes(ids: [${'"1" '.repeat(100)}]) { ${aliases(15, 'id')} } }`],
  [
    115,
    `{ nodes(ids: [${'"1" '.repeat(100)}]) { ... on PaymentMethod { card { ${aliases(12, 'brand')} } } } }`,
  ],
  // Counts.
  [501, '{ customers(first: 1) { totalCount } }'],
  [1_001, '{ customers(first: 1) { totalCount a: totalCount } }'],
  [5_010, `{ ${aliases(10, 'customers(first: 1) { totalCount }')} }`],
  [1_200, '{ customers(first: 100) { nodes { paymentMethods(first: 1) { totalCount } } } }'],
  [40, '{ apiKeys { totalCount } }'],
  [40, '{ merchants { totalCount } }'],
  // Conditions.
  [1, page('first: 1, filter: { email: "a", phone: "1", reference: "b", search: null }')],
  [501, page('first: 1, filter: { search: "ada" }')],
  [551, page('first: 1, filter: { search: " ada\\tlovelace " }')],
  [951, page(`first: 1, filter: { search: "${'a b c d e f '.repeat(20)}" }`)],
  [501, page('first: 1, filter: { metadata: { key: "a", value: "b" } }')],
  [551, page('first: 1, filter: { metadata: [{ key: "a", value: "b" }, { key: "c", value: "d" }] }')],
  [501, page('first: 1, filter: { hasDefaultPaymentMethod: true }')],
  [1_001, page('first: 1, filter: { paymentMethod: { lastFour: "4242" }, createdAt: {} }')],
  [
    22,
    '{ customers(first: 2) { nodes { paymentMethods(first: 0, filter: { brand: VISA }) { nodes { id } } } } }',
  ],
  [2, '{ customers(first: 2) { nodes { paymentMethods(first: 0, filter: {}) { nodes { id } } } } }'],
  // Introspection, but for what is asked for again.
  [0, '{ __schema { types { name fields { name } } } __typename }'],
  [2_000, '{ __schema { queryType { name } } __type(name: "Query") { name } }'],
])('counts %i in %s', (requested, query, variables = {}) => {
  expect(cost(query, variables)).toBe(requested);
});

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');
}

const sized =
  'query ($n: Int) { customers(first: $n) { nodes { paymentMethods(first: $n) { nodes { id } } } } }';
const byIds = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const found = 'query ($f: CustomerFilter) { customers(first: 1, filter: $f) { nodes { id } } }';
const searched = 'query ($s: String) { customers(first: 1, filter: { search: $s }) { nodes { id } } }';

test.each<[number, string, object]>([
  [90, sized, { n: 9 }],
  [420, sized, { n: null }],
  [420, sized, {}],
  [420, sized, { m: 9, toString: 3 }],
  [4, 'query ($n: Int = 4) { customers(last: $n) { nodes { id } } }', {}],
  [20, 'query ($n: Int = 4) { customers(last: $n) { nodes { id } } }', { n: null }],
  [2, byIds, { ids: ['1', '2'] }],
  [1, byIds, { ids: '1' }],
  [2, 'query ($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { id } }', { a: '1', b: '2' }],
  [2, 'query ($ids: [ID!]! = ["1", "2"]) { nodes(ids: $ids) { id } }', {}],
  // Names that every object has.
  [20, 'query ($toString: Int) { customers(first: $toString) { nodes { id } } }', {}],
  [3, 'query ($constructor: Int) { customers(first: $constructor) { nodes { id } } }', { constructor: 3 }],
  [20, 'query ($__proto__: Int) { customers(first: $__proto__) { nodes { id } } }', {}],
  [1, 'query ($valueOf: String) { customers(first: 1, filter: { search: $valueOf }) { nodes { id } } }', {}],
  [1, found, {}],
  [1, found, { f: null }],
  [501, found, { f: { search: 'ada' } }],
  [1, found, { f: { search: null, email: 'a@example.com' } }],
  [501, found, { f: { metadata: [{ key: 'a', value: 'b' }] } }],
  [1, searched, {}],
  [1, searched, { s: null }],
  [601, searched, { s: 'ada king lovelace' }],
  [
    551,
    'query ($p: MetadataPairInput!) { customers(first: 1, filter: { metadata: [$p, $p] }) { nodes { id } } }',
    { p: { key: 'a', value: 'b' } },
  ],
])('counts %i in %s with %j', (requested, query, variables) => {
  expect(cost(query, variables)).toBe(requested);
});

test('counts no more of a list in a variable than its field takes', () => {
  const metadata = Array.from({ length: 10_000 }, () => ({ key: 'a', value: 'b' }));

  expect(cost(byIds, { ids: Array.from({ length: 10_000 }, () => '1') })).toBe(100);
  expect(cost(found, { f: { metadata } })).toBe(2_951);
});

test('counts for a variable named like the prototype what was given for it', () => {
  const query = 'query ($__proto__: Int) { customers(first: $__proto__) { nodes { id } } }';

  expect(cost(query, JSON.parse('{ "__proto__": 3 }'))).toBeGreaterThanOrEqual(3);
});

test.each([-1, -1_000_000, 0, 101, 2_147_483_647])('takes nothing off for a page of %i', (first) => {
  const [both, one] = [
    'query ($n: Int) { a: customers(first: $n) { nodes { id } } b: customers(first: 10) { nodes { id } } }',
    'query ($n: Int) { b: customers(first: 10) { nodes { id } } }',
  ].map((query) => cost(query, { n: first }));

  expect(one).toBe(10);
  expect(both).toBeGreaterThanOrEqual(10);
  expect(both).toBeLessThanOrEqual(110);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, '7', [], {}, true])(
  'makes a number of a page of %p, which execution refuses',
  (first) => {
    expect(cost(sized, { n: first })).toBeGreaterThanOrEqual(0);
  },
);

test('knows every field that a sealed value holds', () => {
  const planning = { draftOf: (noun: Noun<object>) => new PlanDraft(noun) } as unknown as Planning;
  const needsSealed = (plan: FieldPlan) => {
    const draft = new PlanDraft<object>(customerNoun);
    plan(draft, { name: '', args: {}, fieldsByTypeName: {} }, planning);
    return draft.columns.has('sealed');
  };
  const found = [customerFieldPlans, addressFieldPlans, paymentMethodFieldPlans].flatMap((table) =>
    Object.entries(table).flatMap(([type, fields]) =>
      Object.entries(fields as Record<string, FieldPlan>).flatMap(([field, plan]) =>
        needsSealed(plan) ? [`${type}.${field}`] : [],
      ),
    ),
  );
  const priced = Object.entries(foldFeatures(features).sealedFields).flatMap(([type, fields]) =>
    fields.map((field) => `${type}.${field}`),
  );

  expect(priced.sort()).toEqual(found.sort());
});

const { documents } = await import(new URL('../../bench/lib/documents.mjs', import.meta.url).href);

test.each(Object.entries<string>(documents))('leaves room for %s of the benchmark', (_, query) => {
  expect(cost(query, { input: {} })).toBeLessThan(0.75 * LIMIT);
});

const folder = 'dashboard/src';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.graphql'),
);
const dashboard = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
const operations = parse(dashboard).definitions.flatMap((definition) =>
  definition.kind === 'OperationDefinition' && definition.name ? [definition.name.value] : [],
);

test.each(operations)('leaves room for %s of the dashboard', (name) => {
  const variables = { first: 100, filter: { search: 'ada lovelace' } };

  expect(cost(dashboard, variables, name)).toBeLessThan(0.5 * LIMIT);
});

test('leaves introspection alone', () => {
  expect(cost(getIntrospectionQuery())).toBe(0);
});
