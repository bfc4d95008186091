import { getIntrospectionQuery } from 'graphql';
import { DEFAULT_LIMITS } from '../../src/config/limits.js';
import type { Answer } from '../support/client.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Asserts that a document was refused as too complex, as a whole and before anything was read. */
async function expectTooComplex(answer: Answer<unknown>): Promise<void> {
  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expect(answer.expectErrors()).toEqual([{ code: 'QUERY_TOO_COMPLEX' }]);
  const { statements } = await loggedRequest(vault.logged, answer.body.extensions.requestId);
  expect(statements).toBe(0);
}

/** `{ customer { defaultAddress { customer { … id } } } }`, so many fields deep. */
function deep(fields: number): string {
  const names = Array.from({ length: fields - 2 }, (_, at) => (at % 2 === 0 ? 'defaultAddress' : 'customer'));
  const inside = names.reduceRight((below, name) => `${name} { ${below} }`, 'id');
  return `{ customer(id: "0") { ${inside} } }`;
}

function times(count: number, text: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => text(at)).join(' ');
}

const aliases = (count: number) => `{ customer(id: "0") { ${times(count, (at) => `a${at}: id`)} } }`;
const directives = (count: number) =>
  `{ customer(id: "0") { ${times(count, () => 'id @include(if: true)')} } }`;
const rootFields = (count: number) => `{ ${times(count, () => '__typename')} }`;

test.each<[string, (count: number) => string, number]>([
  ['fields deep', deep, 12],
  ['aliases', aliases, 15],
  ['directives', directives, 20],
  ['root fields', rootFields, 10],
])('takes %s up to the limit, and not one more', async (_, document, limit) => {
  const [most, more] = [document(limit), document(limit + 1)];

  expect((await vault.owner.execute(most)).status).toBe(200);
  await expectTooComplex(await vault.owner.execute(more));
});

test.each<[string, string]>([
  [
    'depth',
    `{ customer(id: "0") { ...A } } fragment A on Customer { addresses { customer { ...B } } }
     fragment B on Customer { addresses { customer { ...C } } } fragment C on Customer { addresses { customer { ...D } } }
     fragment D on Customer { addresses { customer { ...E } } } fragment E on Customer { addresses { customer { ... { addresses { id } } } } }`,
  ],
  [
    'aliases',
    `{ customer(id: "0") { ...A ...A ...A ...A } } fragment A on Customer { a: id b: id c: id d: name }`,
  ],
  [
    'aliases of __typename',
    `{ customer(id: "0") { ...A ...A ...A ...A } } fragment A on Customer { ${times(4, (at) => `a${at}: __typename`)} }`,
  ],
  [
    'directives',
    `query ($t: Boolean = true) { customer(id: "0") { ...A @skip(if: $t) ...A ...A } }
     fragment A on Customer { ${times(7, () => 'id @skip(if: true)')} }`,
  ],
  ['root fields', `{ ...A ...A } fragment A on Query { ${times(6, () => '__typename')} }`],
  [
    'aliases of a fragment that nothing spreads',
    `{ __typename } fragment A on Customer { ${times(16, (at) => `a${at}: id`)} }`,
  ],
])('counts %s in fragments', async (_, document) => {
  await expectTooComplex(await vault.owner.execute(document));
});

test('takes a query that costs 5,000, and not one of 5,100', async () => {
  const query =
    'query ($n: Int) { customers(first: $n) { nodes { paymentMethods(first: 49) { nodes { id } } } } }';

  const most = await vault.owner.execute(query, { n: 100 });
  const more = await vault.owner.execute(query.replace('49', '50'), { n: 100 });

  expect([most.status, most.body.extensions]).toEqual([
    200,
    expect.objectContaining({ cost: { requested: 5_000, limit: 5_000 } }),
  ]);
  expect(more.body.extensions).toMatchObject({ cost: { requested: 5_100, limit: 5_000 } });
  await expectTooComplex(more);
});

test.each([
  '{ customers(first: 100) @include(if: false) { nodes { paymentMethods(first: 50) { nodes { id } } } } }',
  `query ($b: Boolean = false) { customers(first: 100) { nodes { id ...A @include(if: $b) } } }
   fragment A on Customer { paymentMethods(first: 50) { nodes { id } } }`,
])('counts what @include leaves out in %s', async (query) => {
  await expectTooComplex(await vault.owner.execute(query));
});

test.each([0, 101, 1_000_000_000, -1])('leaves a page of %i to the field that refuses it', async (first) => {
  const answer = await vault.owner.execute(
    'query ($n: Int) { customers(first: $n) { nodes { paymentMethods(first: 20) { nodes { id } } } } }',
    { n: first },
  );

  expect(answer.status).toBe(200);
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
});

test.each([
  ['data', '{ __typename }', 200],
  ['an error of a field', '{ customers(first: 0) { totalCount } }', 200],
  ['a syntax error', '{', 400],
  ['a validation error', '{ nothing }', 400],
  ['a variable that is missing', 'query ($id: ID!) { customer(id: $id) { id } }', 400],
])('tells the cost with %s', async (_, query, status) => {
  const answer = await vault.owner.execute(query);

  expect([answer.status, answer.body.extensions]).toEqual([
    status,
    { requestId: expect.any(String), cost: { requested: expect.any(Number), limit: 5_000 } },
  ]);
});

test('lets the standard introspection query through, which is deeper than queries may be', async () => {
  const answer = await vault.owner.execute(getIntrospectionQuery());

  expect(answer.expectData().__schema.types.length).toBeGreaterThan(30);
});

test('bounds how often introspection goes in circles', async () => {
  const circle = times(4, () => 'fields { type {');
  const answer = await vault.owner.execute(`{ __schema { types { ${circle} name ${'} }'.repeat(4)} } } }`);

  expect([answer.status, answer.expectErrors()]).toEqual([400, [{ code: 'GRAPHQL_VALIDATION_FAILED' }]]);
});

const doubled = (below: string) =>
  `{ customer(id: "0") { ...F0 } } ${times(30, (at) => `fragment F${at} on Customer { ${below.replaceAll('F', `F${at + 1}`)} }`)}
   fragment F30 on Customer { id }`;

test.each<[string, string, string]>([
  ['a fragment that spreads itself', 'GRAPHQL_VALIDATION_FAILED', '{ ...A } fragment A on Query { ...A }'],
  [
    'fragments that spread one another in a circle',
    'GRAPHQL_VALIDATION_FAILED',
    `{ ...A0 } ${times(50, (at) => `fragment A${at} on Query { ...A${(at + 1) % 50} ...A${(at + 7) % 50} }`)}`,
  ],
  ['doubled fragments', 'QUERY_TOO_COMPLEX', doubled('...F ...F')],
  [
    'doubled fragments in fields',
    'QUERY_TOO_COMPLEX',
    doubled('a: defaultPaymentMethod { customer { ...F } } b: defaultPaymentMethod { customer { ...F } }'),
  ],
  [
    'doubled fragments in fields of one name',
    'QUERY_TOO_COMPLEX',
    doubled('addresses { customer { ...F } } addresses { customer { ...F } }'),
  ],
  ['one field 900 times', 'QUERY_TOO_COMPLEX', `{ customer(id: "0") { ${'id '.repeat(900)} } }`],
])('refuses %s in under 100 ms, and answers the next request as fast as before', async (_, code, query) => {
  // The quickest of a few: other work on the machine makes single ones slow, what is exponential all of them.
  const refusals: number[] = [];
  const nexts: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const start = performance.now();
    const answer = await vault.owner.execute(query);
    const refused = performance.now();
    const next = await vault.owner.execute('{ __typename }');
    refusals.push(refused - start);
    nexts.push(performance.now() - refused);

    expect([answer.status, answer.expectErrors()[0]?.code]).toEqual([400, code]);
    expect(next.expectData()).toEqual({ __typename: 'Query' });
  }

  expect(Math.min(...refusals)).toBeLessThan(100);
  expect(Math.min(...nexts)).toBeLessThan(100);
});

test('keeps to limits that are set', async () => {
  const limits = {
    ...DEFAULT_LIMITS,
    depth: 2,
    aliases: 0,
    directives: 0,
    rootFields: 1,
    cost: 3,
    tokens: 20,
  };
  const strict = await startVault({ settings: { limits } });
  try {
    const codesOf = async (query: string) =>
      (await strict.owner.execute(query)).expectErrors().map(({ code }) => code);

    expect((await strict.owner.execute('{ customer(id: "0") { id } }')).status).toBe(200);
    expect(await codesOf('{ customer(id: "0") { addresses { id } } }')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codesOf('{ a: __typename }')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codesOf('{ __typename @skip(if: true) }')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codesOf('{ __typename __typename }')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codesOf('{ nodes(ids: ["1", "2", "3", "4"]) { id } }')).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await codesOf(`{ nodes(ids: [${'"1" '.repeat(20)}]) { id } }`)).toEqual(['GRAPHQL_PARSE_FAILED']);
  } finally {
    await strict.close();
  }
});
