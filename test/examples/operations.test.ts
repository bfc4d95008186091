import { readdirSync, readFileSync } from 'node:fs';
import { fillVariables, type Memory, rememberAnswer } from '../../dashboard/src/explorer/story.js';
import { startVault, type TestVault } from '../support/vault.js';

const folder = 'examples/operations';
let vault: TestVault;
let memory: Memory = {};

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Runs an operation with what the earlier ones gave, as the explorer does. */
async function run(name: string) {
  const query = readFileSync(`${folder}/${name}.graphql`, 'utf8');
  const file = readdirSync(folder).find((candidate) => candidate === `${name}.json`);
  const variables = file ? JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) : {};
  const data = (await vault.owner.execute(query, fillVariables(variables, memory))).expectData();
  memory = { ...memory, ...rememberAnswer(query, data) };
  return data;
}

// One story, in order: each operation works with what those before it have made.
const story: [name: string, expected: object][] = [
  [
    '01-create-a-customer',
    {
      createCustomer: {
        customer: { version: 1, addresses: [{ label: 'Home', country: 'GBR', isDefault: true }] },
      },
    },
  ],
  ['02-tokenize-cards', { card: { token: expect.any(String) }, same: { token: expect.any(String) } }],
  [
    '03-link-a-card',
    { linkPaymentMethod: { paymentMethod: { isDefault: true, usable: true }, userErrors: [] } },
  ],
  [
    '04-look-at-the-customer',
    { customer: { paymentMethods: { nodes: [{ isDefault: true, usable: true }] } } },
  ],
  ['05-resolve-the-token', { resolvePaymentToken: { usable: true, providerToken: expect.any(String) } }],
  [
    '06-an-expired-default',
    {
      linkPaymentMethod: {
        paymentMethod: { isDefault: true, usable: false, unusableReason: 'CARD_EXPIRED' },
      },
    },
  ],
  [
    '05-resolve-the-token',
    {
      resolvePaymentToken: {
        usable: false,
        unusableReason: 'CARD_EXPIRED',
        providerToken: null,
        alternatives: [{ label: 'My Visa Card' }],
      },
    },
  ],
  [
    '07-choose-the-default',
    { setDefaultPaymentMethod: { customer: { defaultPaymentMethod: { usable: true } }, userErrors: [] } },
  ],
  ['05-resolve-the-token', { resolvePaymentToken: { usable: true, providerToken: expect.any(String) } }],
  ['08-no-duplicates', { linkPaymentMethod: { paymentMethod: { label: 'My Visa Card' }, userErrors: [] } }],
  ['09-search-customers', { customers: { totalCount: 1, nodes: [{ name: 'Ada Lovelace' }] } }],
  ['10-page-through-customers', { customers: { totalCount: 1, pageInfo: { hasNextPage: false } } }],
  ['11-upsert-by-reference', { upsertCustomer: { created: true, customer: { version: 1 } } }],
  ['11-upsert-by-reference', { upsertCustomer: { created: false, customer: { version: 1 } } }],
  [
    '12-a-version-conflict',
    { updateCustomer: { customer: null, userErrors: [{ code: 'VERSION_CONFLICT' }] } },
  ],
  ['13-delete-the-customer', { deleteCustomer: { deletedCustomerId: expect.any(String), userErrors: [] } }],
];

test('the ready operations tell the vault’s story against the server', async () => {
  const answers: [string, unknown][] = [];
  for (const [name] of story) answers.push([name, await run(name)]);

  expect(answers).toMatchObject(story);
});

test('every ready operation is part of the story', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));

  expect(files.length).toBeGreaterThanOrEqual(10);
  expect(files.map((name) => name.replace('.graphql', ''))).toEqual(
    [...new Set(story.map(([name]) => name))].sort(),
  );
});
