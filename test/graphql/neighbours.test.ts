import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Actor, ownerOf } from '../../src/access/actor.js';
import { isGrowing } from '../../src/db/sql.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { recordStatements } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

const customers = (args: string, fields = 'nodes { id }') => `{ customers(${args}) { ${fields} } }`;

test.each<[boolean, string, string]>([
  [false, 'a page', customers('first: 2')],
  [
    false,
    'a page in the order of the last change, from a time on',
    customers(
      'orderBy: { field: UPDATED_AT, direction: ASC }, filter: { updatedAt: { from: "2020-01-01T00:00:00Z" } }',
    ),
  ],
  [false, 'a customer by a reference', customers('filter: { reference: "R" }')],
  [
    false,
    'a page with both lists',
    customers('first: 2', 'nodes { addresses { id } paymentMethods(first: 5) { nodes { id } } }'),
  ],
  [true, 'a count', customers('first: 2', 'totalCount')],
  [true, 'a search', customers('filter: { search: "ada" }')],
  [true, 'metadata', customers('filter: { metadata: [{ key: "a", value: "b" }] }')],
  [
    true,
    'an e-mail, which any number of customers may have',
    customers('filter: { email: "ada@example.com" }'),
  ],
  [true, 'a phone', customers('filter: { phone: "5551234567" }')],
  [true, 'those with a default', customers('filter: { hasDefaultPaymentMethod: true }')],
  [true, 'those with a card', customers('filter: { paymentMethod: { lastFour: "4242" } }')],
  [
    true,
    'times in another order than the list',
    customers('filter: { updatedAt: { from: "2020-01-01T00:00:00Z" } }'),
  ],
  [true, 'the number of payment methods', customers('first: 2', 'nodes { paymentMethods { totalCount } }')],
  [
    true,
    'payment methods by a filter',
    customers('first: 2', 'nodes { paymentMethods(filter: { brand: VISA }) { nodes { id } } }'),
  ],
  [true, 'keys', '{ apiKeys { nodes { id } totalCount } }'],
])('says %s of %s when asked whether its time grows with what is stored', async (grows, _, query) => {
  const { texts } = recordStatements(vault.database);

  (await vault.owner.executeOnce(query)).expectData();

  expect(texts.length).toBeGreaterThan(0);
  // A count is one statement more beside a plain page.
  expect(texts.some(isGrowing)).toBe(grows);
});

test.each([
  ['customer(id: $id)', 'a customer'],
  ['node(id: $id)', 'a node'],
])('takes the number of payment methods along to where it is asked for below %s', async (field) => {
  const { id } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, id);
  const { texts } = recordStatements(vault.database);

  const answer = await vault.owner.executeOnce(
    `query ($id: ID!) { found: ${field} { ... on Customer { paymentMethods { totalCount } } } }`,
    { id },
  );

  expect(answer.expectData().found.paymentMethods.totalCount).toBe(1);
  expect(texts.map(isGrowing)).not.toContain(false);
});

test('keeps a merchant from more than its share of the connections for changes', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 12; count += 1) ids.push((await aCustomer(vault.owner)).id);
  const theirs = await aCustomer(vault.stranger);
  const holder = new pg.Client({ connectionString: vault.databaseUrl });
  await holder.connect();
  const update =
    'mutation ($id: ID!, $name: String!) { updateCustomer(input: { id: $id, name: $name }) { customer { name } } }';
  try {
    await holder.query('begin');
    await holder.query('select from customers where id = any ($1) for update', [ids]);
    let ended = 0;
    const updates = ids.map((id) =>
      vault.owner.execute(update, { id, name: randomUUID() }).finally(() => {
        ended += 1;
      }),
    );

    for (let times = 0; times < 3; times += 1) {
      const answer = await vault.stranger.execute(update, { id: theirs.id, name: `Grace ${times}` });
      expect(answer.expectData().updateCustomer.customer.name).toBe(`Grace ${times}`);
    }

    const { open, idle } = vault.database.pool;
    expect(open - idle).toBeLessThanOrEqual(5);
    expect(ended).toBe(0);
    await holder.query('commit');
    for (const answer of await Promise.all(updates)) answer.expectData();
  } finally {
    await holder.end();
  }
});

test('has a share for a merchant with its keys and sessions, and one for a partner with all of its merchants', () => {
  const [merchantId, id] = ['a'.repeat(24), 'b'.repeat(24)];
  const key = { kind: 'api-key', id, merchantId, partner: null };
  const session = { kind: 'customer-session', id, merchantId };
  const partners = { ...key, partner: { id: 'c'.repeat(24) } };

  const owners = [key, session, partners, { ...partners, merchantId: null }, { kind: 'anonymous' }].map(
    (actor) => ownerOf(actor as unknown as Actor),
  );

  expect(owners).toEqual([merchantId, merchantId, 'c'.repeat(24), 'c'.repeat(24), '']);
});
