import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/client.js';
import { aCard, aCustomer, anAccount, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { loggedRequest, recordStatements } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const address = 'id label line1 line2 city state postalCode country isDefault createdAt updatedAt';
const method = `id token type label isDefault fingerprint usable unusableReason createdAt linkedAt updatedAt
  billingDetails { name address { line1 } } card { brand lastFour expiry { month year } } ach { lastFour }`;
const customerAlone = 'id token reference name email phone metadata version createdAt updatedAt';
const lists = `addresses { ${address} } paymentMethods(first: 5) { nodes { ${method} } }`;
const customer = `${customerAlone} ${lists} defaultAddress { ${address} } defaultPaymentMethod { ${method} }`;

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** How many statements an answer took; the answer must be without errors. */
async function statementsOf(answer: Answer<unknown>): Promise<number> {
  answer.expectData();
  return (await loggedRequest(vault.logged, answer.body.extensions.requestId)).statements;
}

interface Story {
  readonly customerId: string;
  readonly customerToken: string;
  readonly addressIds: readonly string[];
  readonly methodIds: readonly string[];
  readonly methodToken: string;
}

/** A customer with two addresses, two cards and an account. */
async function aStory(): Promise<Story> {
  const { id, token, addresses } = await aCustomer(vault.owner, {
    reference: randomUUID(),
    addresses: [{ label: 'Home' }, { label: 'Work' }],
  });
  const methods = [
    await aPaymentMethod(vault.owner, id),
    await aPaymentMethod(vault.owner, id, { tokenize: aCard({ lastFour: '1111' }) }),
    await aPaymentMethod(vault.owner, id, { tokenize: anAccount() }),
  ];
  return {
    customerId: id,
    customerToken: token,
    addressIds: addresses.map((added) => added.id),
    methodIds: methods.map((linked) => linked.id),
    methodToken: methods[0]?.token ?? '',
  };
}

test.each<[string, string, (story: Story) => object]>([
  [
    'a customer with all that is below it',
    `query ($id: ID!) { customer(id: $id) { ${customer} } }`,
    ({ customerId }) => ({ id: customerId }),
  ],
  [
    'a customer by its token',
    `query ($token: ID!) { customerByToken(token: $token) { ${customer} } }`,
    ({ customerToken }) => ({ token: customerToken }),
  ],
  ['a customer by a reference', `{ customerByReference(reference: "R") { ${customer} } }`, () => ({})],
  [
    'a customer with three different lists and their totals',
    `query ($id: ID!) { customer(id: $id) {
      a: paymentMethods(first: 1) { totalCount nodes { id } }
      b: paymentMethods(last: 1) { totalCount edges { cursor node { ${method} } } pageInfo { endCursor } }
      c: paymentMethods(filter: { usable: true }) { totalCount }
    } }`,
    ({ customerId }) => ({ id: customerId }),
  ],
  [
    'a payment method with its customer and what is below that',
    `query ($id: ID!) { paymentMethod(id: $id) { ${method} customer { ${customer} } } }`,
    ({ methodIds }) => ({ id: methodIds[0] }),
  ],
  [
    'a payment method by its token',
    `query ($token: ID!) { paymentMethodByToken(token: $token) { ${method} customer { ${customer} } } }`,
    ({ methodToken }) => ({ token: methodToken }),
  ],
  [
    'a payment method by itself',
    'query ($id: ID!) { paymentMethod(id: $id) { label billingDetails { name } } }',
    ({ methodIds }) => ({ id: methodIds[0] }),
  ],
  [
    'an address by itself',
    'query ($id: ID!) { node(id: $id) { ... on Address { label line1 } } }',
    ({ addressIds }) => ({ id: addressIds[0] }),
  ],
  [
    'an address by its id with its customer',
    `query ($id: ID!) { node(id: $id) { id ... on Address { ${address} customer { ${customer} } } } }`,
    ({ addressIds }) => ({ id: addressIds[0] }),
  ],
  [
    'objects of every type by their ids',
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id
      ... on Customer { ${customer} }
      ... on Address { ${address} owner: customer { ${customer} } }
      ... on PaymentMethod { ${method} customer { ${customer} } }
    } }`,
    ({ customerId, addressIds, methodIds }) => ({ ids: [customerId, ...addressIds, ...methodIds] }),
  ],
  [
    'what a customer token stands for, with the alternatives',
    `query ($token: ID!) { resolvePaymentToken(token: $token) { kind usable unusableReason providerToken
      customer { ${customer} } paymentMethod { ${method} } alternatives { ${method} } } }`,
    ({ customerToken }) => ({ token: customerToken }),
  ],
  [
    'what a payment method token stands for',
    `query ($token: ID!) { resolvePaymentToken(token: $token) { kind usable providerToken
      customer { ${customer} } paymentMethod { ${method} customer { ${customer} } } alternatives { ${method} } } }`,
    ({ methodToken }) => ({ token: methodToken }),
  ],
])('reads %s in one statement', async (_, query, variables) => {
  const story = await aStory();

  const answer = await vault.owner.execute(query, variables(story));

  expect(await statementsOf(answer)).toBe(1);
});

test('reads a page of customers with both lists in one statement, whether it has 1 or 60', async () => {
  for (let batch = 0; batch < 6; batch += 1) {
    const created = await Promise.all(
      Array.from({ length: 10 }, () => aCustomer(vault.stranger, { addresses: [{ label: 'Home' }] })),
    );
    const [first] = created;
    if (first) await aPaymentMethod(vault.stranger, first.id);
  }
  const query = `query ($first: Int) { customers(first: $first) { nodes { ${customer} } pageInfo { endCursor } } }`;

  const answers = await Promise.all([1, 60].map((first) => vault.stranger.execute(query, { first })));

  expect(answers.map((answer) => answer.expectData().customers.nodes.length)).toEqual([1, 60]);
  expect(await Promise.all(answers.map(statementsOf))).toEqual([1, 1]);
});

test('counts a list of customers in one statement more', async () => {
  await aStory();

  const answer = await vault.owner.execute(
    `{ customers(first: 10) { totalCount edges { cursor node { ${customer} } } } }`,
  );

  expect(await statementsOf(answer)).toBe(2);
});

test('counts what a search finds in the same statement', async () => {
  const { customerId } = await aStory();
  await vault.owner.execute(
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }',
    { input: { id: customerId, name: 'Counted Once' } },
  );

  const answer = await vault.owner.execute(
    `{ customers(filter: { search: "counted" }) { totalCount nodes { ${customer} } } }`,
  );

  expect(answer.expectData().customers.totalCount).toBe(1);
  expect(await statementsOf(answer)).toBe(1);
});

test.each<[string, number, (story: Story) => Promise<object> | object]>([
  ['createCustomer', 1, () => ({ name: 'Ada', addresses: [{ label: 'Home' }] })],
  ['upsertCustomer', 2, () => ({ name: 'Ada', reference: randomUUID() })],
  ['updateCustomer', 2, ({ customerId }) => ({ id: customerId, name: 'Grace' })],
  ['deleteCustomer', 1, ({ customerId }) => ({ id: customerId })],
  ['addAddress', 1, ({ customerId }) => ({ customerId, address: { label: 'Third' } })],
  ['updateAddress', 2, ({ addressIds }) => ({ id: addressIds[0], label: 'Renamed' })],
  ['setDefaultAddress', 1, ({ addressIds }) => ({ id: addressIds[1] })],
  ['removeAddress', 1, ({ addressIds }) => ({ id: addressIds[0] })],
  [
    'linkPaymentMethod',
    2,
    async ({ customerId }) => ({ customerId, token: await aProviderToken(vault.owner) }),
  ],
  ['updatePaymentMethod', 2, ({ methodIds }) => ({ id: methodIds[0], label: 'Renamed' })],
  ['setDefaultPaymentMethod', 1, ({ methodIds }) => ({ id: methodIds[1] })],
  ['unlinkPaymentMethod', 1, ({ methodIds }) => ({ id: methodIds[0], ifDefault: 'PROMOTE_NEWEST' })],
  ['createSandboxPaymentToken', 1, () => aCard()],
])('carries out %s with a rich answer in at most %i statements', async (name, atMost, inputOf) => {
  const input = await inputOf(await aStory());
  const payload = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const fields: Record<string, string> = {
    deleteCustomer: 'deletedCustomerId',
    createSandboxPaymentToken: 'token',
    removeAddress: `removedAddressId customer { ${customer} }`,
    unlinkPaymentMethod: `unlinkedPaymentMethodId customer { ${customer} }`,
  };
  const kind = name.endsWith('Address') ? `address { ${address} }` : `paymentMethod { ${method} }`;
  const selection =
    fields[name] ??
    (name.endsWith('Customer') ? `customer { ${customer} }` : `${kind} customer { ${customer} }`);

  const answer = await vault.owner.execute(
    `mutation ($input: ${payload}Input!) { ${name}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );

  expect(answer.expectData()[name].userErrors).toEqual([]);
  expect(await statementsOf(answer)).toBeLessThanOrEqual(atMost);
});

test.each<[string, string]>([
  ['a customer', 'query ($id: ID!) { customer(id: $id) { id token version createdAt updatedAt } }'],
  [
    'the lists of a customer',
    `query ($id: ID!) { customer(id: $id) {
      addresses { id isDefault createdAt } defaultAddress { id updatedAt } defaultPaymentMethod { id card { lastFour } }
      paymentMethods { totalCount nodes { id token type isDefault usable card { brand } ach { lastFour } linkedAt } }
    } }`,
  ],
  [
    'a page of customers',
    '{ customers(first: 5) { totalCount nodes { id version addresses { id } paymentMethods { nodes { id } } } } }',
  ],
  [
    'a node',
    'query ($id: ID!) { node(id: $id) { id ... on Customer { version } ... on Address { isDefault } } }',
  ],
  [
    'a resolution',
    'query ($token: ID!) { resolvePaymentToken(token: $token) { usable unusableReason customer { id } paymentMethod { id } alternatives { id usable } } }',
  ],
])('reads no sealed value of %s when none is asked for', async (_, query) => {
  const { customerId, customerToken } = await aStory();
  const { texts } = recordStatements(vault.database);

  const answer = await vault.owner.executeOnce(query, { id: customerId, token: customerToken });

  expect(Object.values(answer.expectData() as object)).not.toContain(null);
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text) => text.includes('sealed'))).toEqual([]);
});

test.each<[string, string, string[], string[]]>([
  [
    'a name',
    '{ customers { nodes { name } } }',
    ['c.sealed'],
    ['token', 'version', 'updated_at', 'addresses'],
  ],
  ['a version', '{ customers { nodes { version } } }', ['c.version'], ['sealed', 'token', 'updated_at']],
  [
    'a card',
    '{ customers { nodes { defaultPaymentMethod { card { brand } } } } }',
    ['p.brand', 'p.last_four'],
    ['sealed', 'p.token,', 'fingerprint', 'from addresses'],
  ],
  [
    'labels of addresses',
    '{ customers { nodes { addresses { label } } } }',
    ['a.sealed'],
    ['c.sealed', 'payment_methods', 'a.updated_at'],
  ],
])('reads for %s the columns that it takes and no others', async (_, query, read, unread) => {
  const { texts } = recordStatements(vault.database);

  (await vault.owner.executeOnce(query)).expectData();

  expect(texts).toHaveLength(1);
  expect(read.filter((column) => !texts[0]?.includes(column))).toEqual([]);
  expect(unread.filter((column) => texts[0]?.includes(column))).toEqual([]);
});

test('sends the same SQL for other values, so that it stays prepared', async () => {
  const { customerId } = await aStory();
  const { texts } = recordStatements(vault.database);
  const query =
    'query ($id: ID!, $n: Int) { customer(id: $id) { id paymentMethods(first: $n) { nodes { id } } } }';

  await vault.owner.executeOnce(query, { id: customerId, n: 1 });
  await vault.owner.executeOnce(query, { id: '0'.repeat(24), n: 7 });

  expect(texts).toHaveLength(2);
  expect(texts[0]).toBe(texts[1]);
});
