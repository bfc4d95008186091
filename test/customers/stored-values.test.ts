import { randomUUID } from 'node:crypto';
import { placeOf } from '../../src/customers/customer-hashes.js';
import type { CustomerId } from '../../src/shared/id.js';
import { changed } from '../support/changes.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

// What was stored under rules that have become stricter since: a change that does not touch it is no reason to refuse.
const outdated = () => ({
  name: 'A'.repeat(300),
  email: 'not an e-mail',
  phone: 'call me',
  // Longer than may be; no two customers have the same.
  reference: randomUUID().repeat(5),
  metadata: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key-${index}`, 'x'])),
});
const outdatedLines = {
  label: 'L'.repeat(80),
  line1: 'x'.repeat(200),
  line2: null,
  city: 'Berlin',
  state: 'a state with a long name',
  postalCode: 'none at all, sorry',
  country: 'USA',
};

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Puts a sealed value in the place of what is stored, as an older server would have sealed it. */
async function store(table: 'customers' | 'addresses', id: string, customerId: string, value: object) {
  const merchant = await vault.keyring.forMerchant(
    vault.ownerId as Parameters<typeof vault.keyring.forMerchant>[0],
  );
  const place =
    table === 'customers'
      ? placeOf(customerId as CustomerId)
      : { table, rowId: id, customerId: customerId as CustomerId };
  const { rowCount } = await queryAs(vault.databaseUrl, `update ${table} set sealed = $1 where id = $2`, [
    merchant.seal(place, value),
    id,
  ]);
  expect(rowCount).toBe(1);
}

async function anOutdatedCustomer() {
  const { id } = await aCustomer(vault.owner);
  const stored = outdated();
  await store('customers', id, id, stored);
  return { id, stored };
}

async function anOutdatedAddress(): Promise<string> {
  const { id: customerId, addresses } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const id = addresses[0]?.id ?? '';
  await store('addresses', id, customerId, outdatedLines);
  return id;
}

const UPDATE = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { name email phone reference metadata } userErrors { code field } }
}`;

test.each([
  ['name', { name: 'Grace' }],
  ['email', { email: 'grace@example.com' }],
  ['phone', { phone: null }],
  ['reference', { reference: randomUUID() }],
])('changes the %s of a customer whose other values would be refused today', async (_, change) => {
  const { id, stored } = await anOutdatedCustomer();

  const answer = await vault.owner.execute(UPDATE, { input: { id, ...change } });

  expect(answer.expectData().updateCustomer).toEqual({
    customer: { ...stored, ...change },
    userErrors: [],
  });
});

test('changes and removes keys of metadata that has too many, and adds none', async () => {
  const { id, stored } = await anOutdatedCustomer();

  const less = await vault.owner.execute(UPDATE, { input: { id, metadata: { 'key-0': '', 'key-1': 'y' } } });
  const more = await vault.owner.execute(UPDATE, { input: { id, metadata: { another: 'y' } } });

  const { 'key-0': _removed, ...kept } = stored.metadata;
  expect(less.expectData().updateCustomer.customer.metadata).toEqual({ ...kept, 'key-1': 'y' });
  expect(more.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'metadata'] }]);
});

test('refuses what is sent, as ever', async () => {
  const { id, stored } = await anOutdatedCustomer();

  const answer = await vault.owner.execute(UPDATE, { input: { id, name: null, email: stored.email } });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'REQUIRED', field: ['input', 'name'] },
    { code: 'INVALID', field: ['input', 'email'] },
  ]);
});

test.each([
  ['label', { label: 'Work' }],
  ['city', { city: 'Bonn' }],
  ['line2', { line2: 'Second floor' }],
])('changes the %s of an address whose other lines would be refused today', async (_, change) => {
  const id = await anOutdatedAddress();

  const { address } = await changed(vault.owner, 'updateAddress', { id, ...change });

  expect(address).toMatchObject({ ...outdatedLines, ...change });
});

test('judges the postal code once more where the country changes', async () => {
  const id = await anOutdatedAddress();

  const answer = await vault.owner.execute(
    `mutation ($input: UpdateAddressInput!) { updateAddress(input: $input) { address { id } userErrors { code field } } }`,
    { input: { id, country: 'CAN' } },
  );

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'postalCode'] }]);
});
