import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

const ada = {
  name: 'Ada Lovelace',
  email: 'Ada@Example.com',
  phone: '+1 555 123 4567',
  reference: 'A-1',
  metadata: { tier: 'gold' },
};

let vault: TestVault;
let customer: { id: string };

beforeAll(async () => {
  vault = await startVault({ settings: { search: 'exact' } });
  customer = await aCustomer(vault.owner, ada);
});

afterAll(() => vault.close());

async function find(filter: object) {
  return vault.owner.execute('query ($f: CustomerFilter) { customers(filter: $f) { nodes { id } } }', {
    f: filter,
  });
}

async function termsOf(id: string): Promise<string[][]> {
  const { rows } = await queryAs<{ terms: string[] }>(
    vault.databaseUrl,
    'select terms || more_terms as terms from customer_search where customer_id = $1',
    [id],
  );
  return rows.map(({ terms }) => terms);
}

test('keeps no hashes of words and metadata', async () => {
  expect(await termsOf(customer.id)).toEqual([[]]);
});

test('drops those that were kept before with the next change of the profile', async () => {
  await queryAs(
    vault.databaseUrl,
    "update customer_search set terms = '{1,2}', more_terms = '{3}' where customer_id = $1",
    [customer.id],
  );

  await vault.owner.execute(
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }',
    { input: { id: customer.id, name: 'Ada King' } },
  );

  expect(await termsOf(customer.id)).toEqual([[]]);
});

test.each([
  { email: 'ada@example.COM' },
  { phone: '+15551234567' },
  { reference: 'A-1' },
  { email: 'ada@example.com', search: '', metadata: [] },
])('finds a customer by %j', async (filter) => {
  expect((await find(filter)).expectData()).toEqual({ customers: { nodes: [{ id: customer.id }] } });
});

test.each([{ search: 'ada' }, { search: 'ada@example.com' }, { metadata: [{ key: 'tier', value: 'gold' }] }])(
  'says that it cannot find by %j, rather than nothing',
  async (filter) => {
    const answer = await find(filter);

    expect([answer.status, answer.body.data]).toEqual([200, { customers: null }]);
    expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
    expect(answer.body.errors?.[0]?.message).toContain('`email`, `phone` or `reference`');
  },
);

test('says so of a count, too', async () => {
  const answer = await vault.owner.execute('{ customers(filter: { search: "ada" }) { totalCount } }');

  expect(answer.expectErrors()[0]?.code).toBe('BAD_USER_INPUT');
});
