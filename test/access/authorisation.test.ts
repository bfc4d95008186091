import { scopes } from '../../src/access/scopes.js';
import { Client } from '../support/client.js';
import { aCaller, aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const id = '0'.repeat(24);
const token = '00000000-0000-4000-8000-000000000000';

/** Every root field with the scopes that it takes. */
const operations: readonly (readonly [field: string, scopes: readonly string[], document: string])[] = [
  ['node', [], `{ node(id: "${id}") { id } }`],
  ['nodes', [], `{ nodes(ids: ["${id}"]) { id } }`],
  ['merchant', [], '{ merchant { id } }'],
  ['me', [], '{ me { id } }'],
  ['apiKeys', ['KEYS_MANAGE'], '{ apiKeys { nodes { id } } }'],
  ['createApiKey', ['KEYS_MANAGE'], mutation('createApiKey', 'label: "K", scopes: []')],
  ['rotateApiKey', ['KEYS_MANAGE'], mutation('rotateApiKey', `id: "${id}"`)],
  ['revokeApiKey', ['KEYS_MANAGE'], mutation('revokeApiKey', `id: "${id}"`)],
  ['createCustomerSession', ['CUSTOMERS_WRITE'], mutation('createCustomerSession', `customerId: "${id}"`)],
  ['customer', ['CUSTOMERS_READ'], `{ customer(id: "${id}") { id } }`],
  ['customerByToken', ['CUSTOMERS_READ', 'TOKENS_READ'], `{ customerByToken(token: "${token}") { id } }`],
  ['customerByReference', ['CUSTOMERS_READ'], '{ customerByReference(reference: "R") { id } }'],
  ['customers', ['CUSTOMERS_READ'], '{ customers { nodes { id } } }'],
  ['paymentMethod', ['PAYMENT_METHODS_READ'], `{ paymentMethod(id: "${id}") { id } }`],
  [
    'paymentMethodByToken',
    ['PAYMENT_METHODS_READ', 'TOKENS_READ'],
    `{ paymentMethodByToken(token: "${token}") { id } }`,
  ],
  ['resolvePaymentToken', ['TOKENS_READ'], `{ resolvePaymentToken(token: "${token}") { usable } }`],
  ['createCustomer', ['CUSTOMERS_WRITE'], mutation('createCustomer', 'name: "Ada"')],
  ['upsertCustomer', ['CUSTOMERS_WRITE'], mutation('upsertCustomer', 'name: "Ada", reference: "R"')],
  ['updateCustomer', ['CUSTOMERS_WRITE'], mutation('updateCustomer', `id: "${id}"`)],
  ['deleteCustomer', ['CUSTOMERS_WRITE', 'CUSTOMERS_DELETE'], mutation('deleteCustomer', `id: "${id}"`)],
  [
    'addAddress',
    ['CUSTOMERS_WRITE'],
    mutation('addAddress', `customerId: "${id}", address: { label: "Home" }`),
  ],
  ['updateAddress', ['CUSTOMERS_WRITE'], mutation('updateAddress', `id: "${id}"`)],
  ['removeAddress', ['CUSTOMERS_WRITE'], mutation('removeAddress', `id: "${id}"`)],
  ['setDefaultAddress', ['CUSTOMERS_WRITE'], mutation('setDefaultAddress', `id: "${id}"`)],
  [
    'linkPaymentMethod',
    ['PAYMENT_METHODS_WRITE'],
    mutation('linkPaymentMethod', `customerId: "${id}", token: "${token}"`),
  ],
  ['updatePaymentMethod', ['PAYMENT_METHODS_WRITE'], mutation('updatePaymentMethod', `id: "${id}"`)],
  ['setDefaultPaymentMethod', ['PAYMENT_METHODS_WRITE'], mutation('setDefaultPaymentMethod', `id: "${id}"`)],
  ['unlinkPaymentMethod', ['PAYMENT_METHODS_WRITE'], mutation('unlinkPaymentMethod', `id: "${id}"`)],
  [
    'createSandboxPaymentToken',
    ['PAYMENT_METHODS_WRITE'],
    mutation('createSandboxPaymentToken', 'ach: { bankAccountType: SAVINGS, lastFour: "0000" }'),
  ],
];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

function mutation(name: string, input: string): string {
  return `mutation { ${name}(input: { ${input} }) { userErrors { code } } }`;
}

test('knows the scopes of every root field of the schema', async () => {
  const answer = await vault.owner.execute(
    '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
  );
  const { queryType, mutationType } = answer.expectData().__schema;
  const fields = [...queryType.fields, ...mutationType.fields].map(({ name }) => name);

  // Only a partner's key has merchants; what it may is tested with partners.
  expect([...operations.map(([field]) => field), 'merchants'].sort()).toEqual(fields.sort());
});

test.each(operations)('lets a key with just the scopes of %s in', async (_, needed, document) => {
  const caller = await aCaller(vault, needed);

  const answer = await caller.execute(document);

  expect(Object.keys(answer.expectData())).toHaveLength(1);
});

test.each(operations.flatMap(([field, needed, document]) => needed.map((scope) => [field, scope, document])))(
  'refuses %s to a key that has every scope but %s',
  async (field = '', scope = '', document = '') => {
    const caller = await aCaller(
      vault,
      scopes.filter((other) => other !== scope),
    );

    const answer = await caller.executeAlike(document);

    expect([answer.status, answer.body.data]).toEqual([200, { [field]: null }]);
    expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: [field] }]);
    expect(answer.body.errors?.[0]).toMatchObject({
      message: `The key lacks the scope \`${scope}\`.`,
      extensions: { code: 'FORBIDDEN', missingScopes: [scope] },
    });
  },
);

test.each<[string, readonly string[], string, readonly string[]]>([
  ['two scopes', [], mutation('deleteCustomer', `id: "${id}"`), ['CUSTOMERS_WRITE', 'CUSTOMERS_DELETE']],
  [
    'a field below the root',
    ['CUSTOMERS_WRITE'],
    'mutation { createCustomer(input: { name: "Ada" }) { customer { id token } } }',
    ['TOKENS_READ'],
  ],
  [
    'a condition of a filter',
    ['CUSTOMERS_READ'],
    '{ customers(filter: { hasDefaultPaymentMethod: true }) { totalCount } }',
    ['PAYMENT_METHODS_READ'],
  ],
  [
    'what a change shows',
    ['CUSTOMERS_WRITE'],
    'mutation { createCustomer(input: { name: "Ada" }) { customer { id name } } }',
    ['CUSTOMERS_READ'],
  ],
])('tells a key which scopes it lacks for %s', async (_, has, document, missingScopes) => {
  const caller = await aCaller(vault, has);

  const answer = await caller.execute(document);

  const names = missingScopes.map((scope) => `\`${scope}\``).join(' and ');
  expect(answer.body.errors).toEqual([
    expect.objectContaining({
      message: `The key lacks the scope${missingScopes.length > 1 ? 's' : ''} ${names}.`,
      extensions: { code: 'FORBIDDEN', missingScopes },
    }),
  ]);
});

test('tells a merchant’s key that merchants are a partner’s', async () => {
  const answer = await vault.owner.execute('{ merchants { totalCount } }');

  expect(answer.body.errors).toEqual([
    expect.objectContaining({
      message: 'It takes the key of a partner.',
      extensions: { code: 'FORBIDDEN' },
    }),
  ]);
});

test('tells a live merchant that the sandbox is not for it', async () => {
  const { headers } = await aKey(vault, { mode: 'live' });

  const answer = await new Client(vault.url, headers).execute(
    mutation('createSandboxPaymentToken', 'ach: { bankAccountType: SAVINGS, lastFour: "0000" }'),
  );

  expect(answer.body.errors).toEqual([
    expect.objectContaining({
      message: 'The sandbox is for test merchants only.',
      extensions: { code: 'FORBIDDEN' },
    }),
  ]);
});

test('answers the fields beside one that is forbidden', async () => {
  const caller = await aCaller(vault, ['CUSTOMERS_READ']);

  const answer = await caller.execute(`{ customers { totalCount } paymentMethod(id: "${id}") { id } }`);

  expect(answer.body.data).toEqual({ customers: { totalCount: 0 }, paymentMethod: null });
  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['paymentMethod'] }]);
});
