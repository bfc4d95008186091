import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test('fails the lines of addresses whose blobs were swapped, and serves the rest', async () => {
  const customer = await aCustomer(vault.owner, {
    addresses: [{ label: 'Home' }, { label: 'Work' }, { label: 'Boat' }],
  });
  const ids = customer.addresses.slice(0, 2).map(({ id }) => id);
  const { rowCount } = await queryAs(
    vault.databaseUrl,
    `update addresses a set sealed = other.sealed from addresses other
     where a.id = any($1) and other.id = any($1) and a.id <> other.id`,
    [ids],
  );

  const answer = await vault.owner.execute(
    `query ($id: ID!) { customer(id: $id) { name addresses { id label isDefault } } }`,
    { id: customer.id },
  );

  expect(rowCount).toBe(2);
  expect(answer.status).toBe(200);
  expect(answer.body.data).toEqual({
    customer: {
      name: 'Ada Lovelace',
      addresses: [
        { id: ids[0], label: null, isDefault: true },
        { id: ids[1], label: null, isDefault: false },
        { id: customer.addresses[2]?.id, label: 'Boat', isDefault: false },
      ],
    },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'addresses', 0, 'label'] },
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'addresses', 1, 'label'] },
  ]);
});

test('fails the lines of an address that was moved to another customer', async () => {
  const customer = await aCustomer(vault.owner);
  const other = await aCustomer(vault.owner, { addresses: [{ label: 'Home', isDefault: false }] });
  const { rowCount } = await queryAs(
    vault.databaseUrl,
    'update addresses set customer_id = $1 where customer_id = $2',
    [customer.id, other.id],
  );

  const answer = await vault.owner.execute(
    `query ($id: ID!) { customer(id: $id) { name addresses { id label } } }`,
    { id: customer.id },
  );

  expect(rowCount).toBe(1);
  expect(answer.body.data).toEqual({
    customer: { name: 'Ada Lovelace', addresses: [{ id: other.addresses[0]?.id, label: null }] },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'addresses', 0, 'label'] },
  ]);
});

test('keeps nothing of an address in the clear', async () => {
  const lines = { label: 'Zanzibar', line1: 'Kilimanjaro Road', city: 'Ouagadougou', postalCode: 'QZX-9' };
  const customer = await aCustomer(vault.owner, { addresses: [lines] });

  const { rows } = await queryAs<{ row: string }>(
    vault.databaseUrl,
    'select row_to_json(a)::text as row from addresses a where customer_id = $1',
    [customer.id],
  );

  const [stored] = rows.map(({ row }) => row.toLowerCase());
  expect(stored).toContain(customer.id);
  for (const value of Object.values(lines)) {
    expect(stored).not.toContain(value.toLowerCase());
    expect(stored).not.toContain(Buffer.from(value).toString('hex'));
  }
});
