import {
  aMerchant,
  UNKNOWN_ID,
  UNKNOWN_TOKEN,
  wholeCustomer,
  withoutRequestId,
} from '../customers/factories.js';
import { Client } from '../support/client.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

const owner = await aMerchant(vault);
const customer = await aCustomer(owner, {
  name: 'Often',
  email: 'c@example.com',
  reference: 'R-1',
  metadata: { b: '2', a: '1' },
  addresses: [{ label: 'Home' }, { label: 'Work', isDefault: true }],
});
const method = await aPaymentMethod(owner, customer.id);
await aPaymentMethod(owner, customer.id);
await aCustomer(owner, { name: 'Other' });

const variables = {
  id: customer.id,
  token: customer.token,
  ids: [customer.id, customer.addresses[0]?.id, method.id, UNKNOWN_ID, 'x'],
  yes: true,
  no: false,
};

/** Each gives the same answer, with so many errors, however often it is sent. */
const documents = [
  ['a customer whole', 0, `query ($id: ID!) { customer(id: $id) { ${wholeCustomer} } }`],
  ['a customer by token', 0, `query ($token: ID!) { customerByToken(token: $token) { ${wholeCustomer} } }`],
  ['a customer by reference', 0, '{ customerByReference(reference: "R-1") { metadata __typename } }'],
  [
    'nothing',
    0,
    `{ customer(id: "${UNKNOWN_ID}") { name } customerByToken(token: "${UNKNOWN_TOKEN}") { name } }`,
  ],
  [
    'a list with all of its parts',
    0,
    `{ customers(first: 1) { edges { cursor node { name } } nodes { id } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  ],
  [
    'a filtered list with a value of every kind',
    0,
    `query ($yes: Boolean) { customers(
      filter: { search: "often", hasDefaultPaymentMethod: $yes, metadata: [{ key: "a", value: "1" }],
        createdAt: { from: "2020-01-01T00:00:00Z" }, paymentMethod: { brand: VISA } }
      orderBy: { field: UPDATED_AT, direction: ASC }
    ) { nodes { name } totalCount } }`,
  ],
  [
    'fields in an order that fragments mix up',
    0,
    `query ($id: ID!) { customer(id: $id) { ...B name ...A version ... on Node { id } email ...B } }
     fragment A on Customer { email phone name } fragment B on Customer { version token ...A }`,
  ],
  [
    'directives',
    0,
    `query ($id: ID!, $yes: Boolean!, $no: Boolean!) { customer(id: $id) {
      name @include(if: $yes) email @include(if: $no) version @skip(if: $no) ... @skip(if: $yes) { phone }
    } }`,
  ],
  [
    'deep nesting',
    0,
    `query ($id: ID!) { customer(id: $id) { addresses { label customer { paymentMethods(first: 1) {
      nodes { card { brand expiry { year } } customer { defaultAddress { customer { name } } } } } } } } }`,
  ],
  [
    'one list with several arguments',
    0,
    `query ($id: ID!) { customer(id: $id) { a: paymentMethods(first: 1) { nodes { id } totalCount }
      b: paymentMethods(last: 1) { edges { cursor } } } }`,
  ],
  [
    'nodes of all types and of none',
    0,
    `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Customer { name addresses { label } }
      ... on Address { label a: customer { name } } ... on PaymentMethod { type b: customer { name } } } }`,
  ],
  [
    'a root field that fails',
    1,
    '{ broken: customers(first: 0) { totalCount } customers(first: 1) { nodes { name } } }',
  ],
  [
    'several that fail',
    2,
    '{ a: customers(last: 0) { totalCount } b: customers(after: "x") { totalCount } }',
  ],
  [
    'a field below that fails',
    1,
    'query ($id: ID!) { customer(id: $id) { name paymentMethods(first: 0) { totalCount } version } }',
  ],
  ['a variable of the wrong type', 1, 'query ($yes: Int) { customers(first: $yes) { totalCount } }'],
  ['a document that is not valid', 1, '{ customers { nodes { shoeSize } } }'],
  [
    'a mutation that changes nothing',
    0,
    'mutation ($id: ID!) { updateCustomer(input: { id: $id, name: "Often" }) { customer { name version updatedAt } } }',
  ],
  [
    'a mutation that is refused',
    0,
    'mutation { createCustomer(input: { name: " ", email: "x" }) { customer { id } userErrors { code field message } } }',
  ],
  [
    'an upsert that changes nothing',
    0,
    `mutation { upsertCustomer(input: { reference: "R-1", name: "Often", addresses: [{ label: "New" }] }) {
      created customer { addresses { label isDefault } version } userErrors { code } } }`,
  ],
  [
    'a deletion of nobody',
    0,
    `mutation { deleteCustomer(input: { id: "${UNKNOWN_ID}" }) { deletedCustomerId userErrors { code field } } }`,
  ],
  [
    'introspection',
    0,
    '{ __schema { queryType { name } } __type(name: "Customer") { fields { name type { kind } } } }',
  ],
] as const;

test.each(documents)('answers five times to the letter the same, %s', async (_, errors, document) => {
  const answers = [];
  for (let time = 0; time < 5; time += 1) answers.push(await owner.execute(document, variables));

  const [first, ...further] = answers.map(withoutRequestId);
  expect(answers[0]?.body.errors?.length ?? 0).toBe(errors);
  expect(further).toEqual(Array(4).fill(first));
  expect(new Set(answers.map(({ body }) => body.extensions.requestId)).size).toBe(5);
});

test('shows each caller its own through the same document', async () => {
  const document = 'query Mine($id: ID!) { customer(id: $id) { name } customers { totalCount } }';
  for (let time = 0; time < 5; time += 1) await owner.execute(document, { id: customer.id });

  const answers = [
    await vault.stranger.execute(document, { id: customer.id }),
    await owner.execute(document, { id: customer.id }),
  ];

  expect(answers.map((answer) => answer.expectData())).toEqual([
    { customer: null, customers: { totalCount: 0 } },
    { customer: { name: 'Often' }, customers: { totalCount: 2 } },
  ]);
});

test('carries out a mutation that came often once each time', async () => {
  const { id } = await aCustomer(owner, { name: 'Changing' });
  const document = `mutation Rename($id: ID!, $name: String) {
    updateCustomer(input: { id: $id, name: $name }) { customer { name version } userErrors { code } }
  }`;

  const answers = [];
  for (let time = 1; time <= 6; time += 1)
    answers.push(await owner.execute(document, { id, name: `Name ${time}` }));

  expect(answers.map((answer) => answer.expectData().updateCustomer)).toEqual(
    answers.map((_, at) => ({ customer: { name: `Name ${at + 1}`, version: at + 2 }, userErrors: [] })),
  );
});

test('answers with the same status and headers at each use', async () => {
  const document = '{ customers(first: 1) { nodes { id name } } }';

  const heads = [];
  for (let time = 0; time < 6; time += 1) {
    const { status, headers } = await owner.execute(document);
    // Those that differ from request to request anyway.
    const { date: _, 'x-request-id': __, ratelimit: ___, ...others } = Object.fromEntries(headers);
    heads.push({ status, ...others });
  }

  expect(heads).toEqual(Array(6).fill(heads[0]));
});

test('refuses a caller without a key by the same document', async () => {
  const document = 'query Guarded { customers { totalCount } }';
  for (let time = 0; time < 5; time += 1) await owner.execute(document);

  const answer = await new Client(vault.url, {}).execute(document);

  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(answer.expectErrors()).toEqual([{ code: 'UNAUTHENTICATED' }]);
});

test('refuses variables that do not fit, and runs nothing, through a mutation that came often', async () => {
  const { id } = await aCustomer(owner, { name: 'Unchanged' });
  const document = `mutation Retitle($id: ID!, $name: String) {
    updateCustomer(input: { id: $id, name: $name }) { customer { version } }
  }`;
  for (let time = 0; time < 5; time += 1) await owner.execute(document, { id, name: 'Unchanged' });

  const answer = await owner.execute(document, { id, name: 7 });

  expect(answer.status).toBe(400);
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
  const after = await owner.execute('query ($id: ID!) { customer(id: $id) { name version } }', { id });
  expect(after.expectData().customer).toEqual({ name: 'Unchanged', version: 1 });
});
