import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { applyMigrations } from '../../src/db/migrations.js';
import type { Statement } from '../../src/db/sql.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';
import { aCustomer, anAddress, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { recordStatements } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const address = 'id label line1 isDefault createdAt';
const method = 'id token label isDefault linkedAt card { brand lastFour } usable';
const customer = `id token name version createdAt addresses { ${address} } defaultAddress { id }
  paymentMethods(first: 5) { totalCount nodes { ${method} } } defaultPaymentMethod { id label }`;

let vault: TestVault;
let client: pg.Client;
let sent: Statement[];

beforeAll(async () => {
  const databaseUrl = await emptyDatabaseUrl();
  await applyMigrations(databaseUrl, 'prisma/migrations');
  await queryAs(databaseUrl, await readFile('test/support/many-customers.sql', 'utf8'));
  vault = await startVault({ databaseUrl });
  client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  sent = recordStatements(vault.database).statements;
}, 120_000);

afterAll(async () => {
  await client.end();
  await vault.close();
});

/** Carries out an operation that must succeed, and gives the statements that it took. */
async function statementsOf(query: string, variables: object): Promise<Statement[]> {
  sent.length = 0;
  const data = (await vault.owner.execute(query, variables)).expectData();
  for (const payload of Object.values(data)) {
    expect((payload as { userErrors?: unknown[] } | null)?.userErrors ?? []).toEqual([]);
  }
  // Written beside the requests every few seconds; with the few keys that there are PostgreSQL reads them all.
  // Keys are looked up again after 5 s, and their tables are small.
  return sent.filter(({ text }) => !text.includes('/* access.'));
}

/** The tables that a statement reads from end to end, as PostgreSQL would plan it for these values and for any. */
async function sequentialScansOf({ text, values }: Statement): Promise<string[]> {
  await client.query('set plan_cache_mode = force_generic_plan');
  const name = `plan_${randomUUID().replaceAll('-', '')}`;
  await client.query(`prepare ${name} as ${text}`);
  const slots = values
    .map((value) => (value === null ? 'null' : pg.escapeLiteral(literalOf(value))))
    .join(', ');
  const call = values.length > 0 ? `execute ${name} (${slots})` : `execute ${name}`;
  const generic = await explain(call);
  await client.query('set plan_cache_mode = force_custom_plan');
  return [...generic, ...(await explain(call))];
}

/** A value as PostgreSQL reads it from text. */
function literalOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(literalOf(item))).join(',')}}`;
  return String(value);
}

async function explain(statement: string): Promise<string[]> {
  const { rows } = await client.query(`explain (format json) ${statement}`);
  const scans: string[] = [];
  const walk = (node: PlanNode) => {
    if (node['Node Type'] === 'Seq Scan') scans.push(node['Relation Name'] ?? '');
    for (const below of node.Plans ?? []) walk(below);
  };
  walk(rows[0]['QUERY PLAN'][0].Plan);
  return scans;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

async function aStory() {
  const made = await aCustomer(vault.owner, {
    email: 'ada@example.com',
    reference: randomUUID(),
    addresses: [{ label: 'Home' }],
  });
  const { id: addressId } = await anAddress(vault.owner, made.id);
  await aPaymentMethod(vault.owner, made.id);
  const { id: methodId, token } = await aPaymentMethod(vault.owner, made.id);
  return { ...made, addressId, methodId, methodToken: token };
}

type Story = Awaited<ReturnType<typeof aStory>>;

test.each<[string, (story: Story) => object]>([
  [`query ($id: ID!) { customer(id: $id) { ${customer} } }`, ({ id }) => ({ id })],
  [`query ($token: ID!) { customerByToken(token: $token) { ${customer} } }`, ({ token }) => ({ token })],
  [`{ customerByReference(reference: "R-1") { ${customer} } }`, () => ({})],
  [
    `query ($id: ID!) { paymentMethod(id: $id) { ${method} customer { ${customer} } } }`,
    ({ methodId }) => ({ id: methodId }),
  ],
  [
    `query ($token: ID!) { paymentMethodByToken(token: $token) { ${method} } }`,
    ({ methodToken }) => ({ token: methodToken }),
  ],
  [
    `query ($token: ID!) { resolvePaymentToken(token: $token) {
      providerToken usable customer { ${customer} } paymentMethod { ${method} } alternatives { ${method} } } }`,
    ({ token }) => ({ token }),
  ],
  [
    `query ($token: ID!) { resolvePaymentToken(token: $token) { providerToken usable paymentMethod { ${method} } } }`,
    ({ methodToken }) => ({ token: methodToken }),
  ],
  [
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id
      ... on Address { ${address} customer { name } } ... on PaymentMethod { ${method} } } }`,
    ({ id, addressId, methodId }) => ({ ids: [id, addressId, methodId] }),
  ],
  [
    `{ customers(first: 50) { totalCount nodes { ${customer} } pageInfo { hasNextPage endCursor } } }`,
    () => ({}),
  ],
  [
    `{ customers(last: 50, orderBy: { field: UPDATED_AT, direction: ASC }) { nodes { ${customer} } } }`,
    () => ({}),
  ],
  ...[
    '{ search: "ada love" }',
    '{ search: "ada lovelac" }',
    '{ search: "müller anne-marie 4242" }',
    '{ search: "田中 +1" }',
    '{ search: "+1 212 555 0100" }',
    '{ search: "6b0abfb81e734fe6de6b27a3" }',
    '{ search: "8e03978e-40d5-43dd-bc93-6894a57f9324" }',
    '{ email: "ada@example.com" }',
    '{ phone: "+1 212 555 0100" }',
    '{ reference: "R-1" }',
    '{ metadata: [{ key: "tier", value: "gold" }] }',
    '{ createdAt: { from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z" } }',
    '{ hasDefaultPaymentMethod: false }',
    '{ paymentMethod: { lastFour: "4242" } }',
    '{ paymentMethod: { brand: VISA, expiresBefore: "2030-01" } }',
  ].map((filter): [string, () => object] => [
    `{ customers(first: 20, filter: ${filter}) { totalCount nodes { ${customer} } } }`,
    () => ({}),
  ]),
])('no look-up reads a table from end to end: %s', async (query, variables) => {
  const statements = await statementsOf(query, variables(await aStory()));

  expect(statements).not.toEqual([]);
  for (const statement of statements) {
    expect([statement.text, await sequentialScansOf(statement)]).toEqual([statement.text, []]);
  }
});

test.each<[string, (story: Story) => object | Promise<object>]>([
  ['createCustomer', () => ({ name: 'Ada', reference: randomUUID(), addresses: [{ label: 'Home' }] })],
  ['upsertCustomer', () => ({ name: 'Ada', reference: randomUUID() })],
  ['updateCustomer', ({ id }) => ({ id, name: 'Grace' })],
  ['deleteCustomer', ({ id }) => ({ id })],
  ['addAddress', ({ id }) => ({ customerId: id, address: { label: 'Work', isDefault: true } })],
  ['updateAddress', ({ addressId }) => ({ id: addressId, label: 'Work' })],
  ['setDefaultAddress', ({ addressId }) => ({ id: addressId })],
  ['removeAddress', ({ addressId }) => ({ id: addressId })],
  ['linkPaymentMethod', async ({ id }) => ({ customerId: id, token: await aProviderToken(vault.owner) })],
  ['updatePaymentMethod', ({ methodId }) => ({ id: methodId, label: 'Work' })],
  ['setDefaultPaymentMethod', ({ methodId }) => ({ id: methodId })],
  ['unlinkPaymentMethod', ({ methodId }) => ({ id: methodId })],
])('no change reads a table from end to end: %s', async (name, inputOf) => {
  const input = await inputOf(await aStory());
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const selection = name === 'deleteCustomer' ? '' : `customer { ${customer} }`;

  const statements = await statementsOf(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code } } }`,
    { input },
  );

  expect(statements).not.toEqual([]);
  for (const statement of statements) {
    expect([statement.text, await sequentialScansOf(statement)]).toEqual([statement.text, []]);
  }
});
