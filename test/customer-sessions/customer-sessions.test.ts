import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { aCaller, aSession, changeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();
const ALL = ['READ', 'EDIT_PROFILE', 'EDIT_ADDRESSES', 'LINK_PAYMENT_METHODS', 'UNLINK_PAYMENT_METHODS'];
const NEVER = '0'.repeat(24);

afterAll(() => vault.close());

/** The ids of a customer with one address and one payment method. */
async function aPerson(client: Client) {
  const { id, token, addresses } = await aCustomer(client, { addresses: [{ label: 'Home' }] });
  const method = await aPaymentMethod(client, id);
  return {
    customer: id,
    token,
    address: addresses[0]?.id ?? '',
    method: method.id,
    methodToken: method.token,
  };
}

type Person = Awaited<ReturnType<typeof aPerson>>;

/** Every field that a session may use: the permission, and a document for some customer's things. */
const reads: Readonly<Record<string, (person: Person) => string>> = {
  customer: ({ customer }) => `{ customer(id: "${customer}") { id name } }`,
  paymentMethod: ({ method }) => `{ paymentMethod(id: "${method}") { id label } }`,
  'node of a customer': ({ customer }) => `{ node(id: "${customer}") { id } }`,
  'node of an address': ({ address }) => `{ node(id: "${address}") { id } }`,
  'node of a payment method': ({ method }) => `{ node(id: "${method}") { id } }`,
  nodes: ({ customer, address, method }) =>
    `{ nodes(ids: ["${customer}", "${address}", "${method}"]) { id } }`,
};

type Change = readonly [permission: string, field: string, input: (person: Person) => string];
const changes: readonly Change[] = [
  ['EDIT_PROFILE', 'updateCustomer', ({ customer }) => `id: "${customer}", name: "Changed"`],
  ['EDIT_ADDRESSES', 'addAddress', ({ customer }) => `customerId: "${customer}", address: { label: "New" }`],
  ['EDIT_ADDRESSES', 'updateAddress', ({ address }) => `id: "${address}", label: "Changed"`],
  ['EDIT_ADDRESSES', 'setDefaultAddress', ({ address }) => `id: "${address}"`],
  ['EDIT_ADDRESSES', 'removeAddress', ({ address }) => `id: "${address}"`],
  ['LINK_PAYMENT_METHODS', 'updatePaymentMethod', ({ method }) => `id: "${method}", label: "Changed"`],
  ['LINK_PAYMENT_METHODS', 'setDefaultPaymentMethod', ({ method }) => `id: "${method}"`],
  ['UNLINK_PAYMENT_METHODS', 'unlinkPaymentMethod', ({ method }) => `id: "${method}"`],
];

const mutation = (field: string, input: string) =>
  `mutation { ${field}(input: { ${input} }) { userErrors { code field message } } }`;

const withoutRequestId = ({ status, body: { extensions: _, ...body } }: Answer<unknown>) =>
  JSON.stringify([status, body]);

/** All that the database has of a customer. */
async function rowsOf(customer: string): Promise<string> {
  const texts = await Promise.all(
    [
      'select t::text from customers t where id = $1',
      'select t::text from addresses t where customer_id = $1 order by id',
      'select t::text from payment_methods t where customer_id = $1 order by id',
    ].map((text) => queryAs(vault.databaseUrl, text, [customer])),
  );
  return JSON.stringify(texts.map(({ rows }) => rows));
}

test('reads its own customer with all that is below, and no token', async () => {
  const person = await aPerson(vault.owner);
  const { client } = await aSession(vault, vault.owner, { customerId: person.customer });

  const answer = await client.execute(
    '{ me { id name token addresses { id } paymentMethods { nodes { id token customer { id } } } } }',
  );

  expect(answer.body.data).toEqual({
    me: {
      id: person.customer,
      name: 'Ada Lovelace',
      token: null,
      addresses: [{ id: person.address }],
      paymentMethods: { nodes: [{ id: person.method, token: null, customer: { id: person.customer } }] },
    },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'FORBIDDEN', path: ['me', 'token'] },
    { code: 'FORBIDDEN', path: ['me', 'paymentMethods', 'nodes', 0, 'token'] },
  ]);
});

test.each(Object.entries(reads))(
  'finds by %s its own, and of a sibling or a stranger what there is of nobody',
  async (_, documentOf) => {
    const [own, sibling] = [await aPerson(vault.owner), await aPerson(vault.owner)];
    const stranger = await aPerson(vault.stranger);
    const nobody = { customer: NEVER, address: NEVER, method: NEVER, token: '', methodToken: '' };
    const { client } = await aSession(vault, vault.owner, { customerId: own.customer });
    const ask = (person: Person) => client.execute(documentOf(person));

    const found = (await ask(own)).expectData();
    const never = withoutRequestId(await ask(nobody));

    expect(JSON.stringify(found)).toMatch(new RegExp(`${own.customer}|${own.address}|${own.method}`));
    expect(never).not.toContain('"id"');
    expect(withoutRequestId(await ask(sibling))).toBe(never);
    expect(withoutRequestId(await ask(stranger))).toBe(never);
  },
);

test.each(changes)(
  'with %s carries out %s for its own customer, and for a sibling or a stranger as for nobody',
  async (permission, field, inputOf) => {
    const [own, sibling] = [await aPerson(vault.owner), await aPerson(vault.owner)];
    const stranger = await aPerson(vault.stranger);
    const nobody = { customer: NEVER, address: NEVER, method: NEVER, token: '', methodToken: '' };
    const { client } = await aSession(vault, vault.owner, {
      customerId: own.customer,
      permissions: [permission],
    });
    const before = [await rowsOf(sibling.customer), await rowsOf(stranger.customer)];
    const ask = (person: Person) => client.execute(mutation(field, inputOf(person)));

    const never = withoutRequestId(await ask(nobody));
    const others = [await ask(sibling), await ask(stranger)].map(withoutRequestId);

    expect(never).toContain('NOT_FOUND');
    expect(others).toEqual([never, never]);
    expect([await rowsOf(sibling.customer), await rowsOf(stranger.customer)]).toEqual(before);
    expect((await ask(own)).expectData()[field].userErrors).toEqual([]);
  },
);

test('links a payment method to its own customer, and to a sibling as to nobody', async () => {
  const [own, sibling] = [await aPerson(vault.owner), await aPerson(vault.owner)];
  const { client } = await aSession(vault, vault.owner, {
    customerId: own.customer,
    permissions: ['LINK_PAYMENT_METHODS'],
  });
  const token = await aProviderToken(vault.owner, aCard({ lastFour: '1111' }));
  const ask = (customer: string) =>
    client.execute(mutation('linkPaymentMethod', `customerId: "${customer}", token: "${token}"`));

  const [others, never] = [await ask(sibling.customer), await ask(NEVER)].map(withoutRequestId);

  expect(others).toBe(never);
  expect((await ask(own.customer)).expectData().linkPaymentMethod.userErrors).toEqual([]);
});

test.each(changes)('without %s is forbidden %s', async (permission, field, inputOf) => {
  const own = await aPerson(vault.owner);
  const permissions = ALL.filter((other) => other !== permission);
  const { client } = await aSession(vault, vault.owner, { customerId: own.customer, permissions });
  const before = await rowsOf(own.customer);

  const answer = await client.execute(mutation(field, inputOf(own)));

  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: [field] }]);
  expect(answer.body.errors?.[0]).toMatchObject({
    message: `The session lacks the permission \`${permission}\`.`,
    extensions: { code: 'FORBIDDEN', missingPermissions: [permission] },
  });
  expect(await rowsOf(own.customer)).toBe(before);
});

test('without READ reads nothing, and of what it changes only the handles', async () => {
  const own = await aPerson(vault.owner);
  const permissions = ALL.filter((permission) => permission !== 'READ');
  const { client } = await aSession(vault, vault.owner, { customerId: own.customer, permissions });
  const rename = (fields: string) =>
    client.execute(
      `mutation { updateCustomer(input: { id: "${own.customer}", name: "New" }) { customer { ${fields} } } }`,
    );

  for (const documentOf of Object.values(reads)) {
    expect((await client.execute(documentOf(own))).expectErrors()).toMatchObject([{ code: 'FORBIDDEN' }]);
  }
  expect((await rename('id version')).expectData().updateCustomer.customer.id).toBe(own.customer);
  expect((await rename('id name')).expectErrors()).toEqual([
    { code: 'FORBIDDEN', path: ['updateCustomer', 'customer'] },
  ]);
});

test('with every permission reaches no list, no token, no key and no other mutation', async () => {
  const own = await aPerson(vault.owner);
  const { client } = await aSession(vault, vault.owner, { customerId: own.customer, permissions: ALL });
  const documents = {
    customers: '{ customers { totalCount } }',
    customerByToken: `{ customerByToken(token: "${own.token}") { id } }`,
    customerByReference: '{ customerByReference(reference: "R") { id } }',
    paymentMethodByToken: `{ paymentMethodByToken(token: "${own.methodToken}") { id } }`,
    resolvePaymentToken: `{ resolvePaymentToken(token: "${own.token}") { usable } }`,
    merchant: '{ merchant { id } }',
    merchants: '{ merchants { totalCount } }',
    apiKeys: '{ apiKeys { totalCount } }',
    createCustomer: mutation('createCustomer', 'name: "X"'),
    upsertCustomer: mutation('upsertCustomer', 'name: "X", reference: "R"'),
    deleteCustomer: mutation('deleteCustomer', `id: "${own.customer}"`),
    createApiKey: mutation('createApiKey', 'label: "X", scopes: [CUSTOMERS_READ]'),
    rotateApiKey: mutation('rotateApiKey', `id: "${NEVER}"`),
    revokeApiKey: mutation('revokeApiKey', `id: "${NEVER}"`),
    createCustomerSession: mutation('createCustomerSession', `customerId: "${own.customer}"`),
    createSandboxPaymentToken: mutation(
      'createSandboxPaymentToken',
      'ach: { bankAccountType: SAVINGS, lastFour: "0000" }',
    ),
    updateCustomer: mutation('updateCustomer', `id: "${own.customer}", metadata: { tier: "gold" }`),
  };

  for (const [field, document] of Object.entries(documents)) {
    const answer = await client.execute(document);
    expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: [field] }]);
    // Of the scopes of keys a shopper is told nothing.
    expect(answer.body.errors?.[0]).toMatchObject({
      message: 'No customer session may do this.',
      extensions: { code: 'FORBIDDEN' },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/scope|[A-Z]+_(READ|WRITE|DELETE|MANAGE)/);
  }
  const answer = await vault.owner.execute(`{ customer(id: "${own.customer}") { id metadata } }`);
  expect(answer.expectData().customer).toEqual({ id: own.customer, metadata: null });
});

test.each([
  ['READ', 'CUSTOMERS_READ'],
  ['READ', 'PAYMENT_METHODS_READ'],
  ['LINK_PAYMENT_METHODS', 'PAYMENT_METHODS_WRITE'],
  ['UNLINK_PAYMENT_METHODS', 'PAYMENT_METHODS_WRITE'],
])('cannot be given %s by a key without %s', async (permission, scope) => {
  const allowed = ['CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'PAYMENT_METHODS_READ', 'PAYMENT_METHODS_WRITE'];
  const caller = await aCaller(
    vault,
    allowed.filter((other) => other !== scope),
  );
  const { id } = await aCustomer(await aCaller(vault, ['CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'TOKENS_READ']));

  const answer = await caller.execute(
    mutation('createCustomerSession', `customerId: "${id}", permissions: [${permission}]`),
  );

  expect(answer.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'permissions'] }]);
});

test.each([
  ['59 seconds', 'expiresInSeconds: 59', 'INVALID', 'expiresInSeconds'],
  ['86,401 seconds', 'expiresInSeconds: 86401', 'INVALID', 'expiresInSeconds'],
  ['no permissions', 'permissions: []', 'REQUIRED', 'permissions'],
])('is refused with %s', async (_, input, code, field) => {
  const { id } = await aCustomer(vault.owner);

  const answer = await vault.owner.execute(
    mutation('createCustomerSession', `customerId: "${id}", ${input}`),
  );

  expect(answer.expectUserErrors()).toEqual([{ code, field: ['input', field] }]);
});

test('is made for no customer of another merchant', async () => {
  const { id } = await aCustomer(vault.stranger);

  const answers = [id, NEVER, 'x'].map((customerId) =>
    vault.owner.execute(mutation('createCustomerSession', `customerId: "${customerId}"`)),
  );

  const [foreign, ...never] = (await Promise.all(answers)).map(withoutRequestId);
  expect(foreign).toContain('NOT_FOUND');
  expect(never).toEqual([foreign, foreign]);
});

test('tells of itself when it is made, its customer included', async () => {
  const { id } = await aCustomer(vault.owner);
  const before = Date.now();

  const answer = await vault.owner.execute(
    `mutation { createCustomerSession(input: { customerId: "${id}", expiresInSeconds: 60 }) {
      session { token permissions expiresAt customer { id name addresses { id } } } userErrors { code }
    } }`,
  );

  const { session } = answer.expectData().createCustomerSession;
  expect(session).toEqual({
    token: expect.stringMatching(/^cs_test_[0-9a-f]{24}_[0-9a-f]{24}_[A-Za-z0-9_-]{43}$/),
    permissions: ['READ'],
    expiresAt: expect.any(String),
    customer: { id, name: 'Ada Lovelace', addresses: [] },
  });
  expect(Date.parse(session.expiresAt) - before).toBeGreaterThanOrEqual(59_900);
  expect(Date.parse(session.expiresAt) - before).toBeLessThan(65_000);
});

test.each<[string, (made: { session: string; customer: string; key: { id: string } }) => Promise<unknown>]>([
  ['it expires', ({ session }) => changeSession(session, "expires_at = now() - interval '1 second'")],
  [
    'its customer is deleted',
    ({ customer }) => vault.owner.execute(mutation('deleteCustomer', `id: "${customer}"`)),
  ],
  ['the key that made it is revoked', ({ key }) => changeKey(vault, key, 'revoked_at = now()')],
])('is as good as none within 5 s after %s', async (_, end) => {
  const { id: customer } = await aCustomer(vault.owner);
  const keyId = (await vault.owner.execute('{ apiKeys { nodes { id } } }')).expectData().apiKeys.nodes[0].id;
  const { client, id: session } = await aSession(vault, vault.owner, { customerId: customer });
  const alive = await client.execute('{ me { id } }');

  await end({ session, customer, key: { id: keyId } });
  await sleep(5_100);
  const dead = await client.execute('{ me { id } }');
  await changeKey(vault, { id: keyId }, 'revoked_at = null');

  expect(alive.status).toBe(200);
  expect([dead.status, dead.expectErrors()]).toEqual([401, [{ code: 'UNAUTHENTICATED' }]]);
});

async function changeSession(id: string, assignment: string) {
  await queryAs(vault.databaseUrl, `update customer_sessions set ${assignment} where id = $1`, [id]);
}

test('gives null for a key that asks who it is', async () => {
  const answer = await vault.owner.execute('{ me { id } }');

  expect(answer.expectData()).toEqual({ me: null });
});
