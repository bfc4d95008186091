import { change, changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCustomer, anAddress } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

test('gives the address as it was sent, with an id and both times', async () => {
  const customer = await aCustomer(vault.owner);
  const lines = {
    label: 'Warehouse',
    line1: '7272 E Indian School Rd',
    line2: 'Suite 400',
    city: 'Scottsdale',
    state: 'AZ',
    postalCode: '85251-1234',
    country: 'USA',
  };

  const { address } = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { ...lines, isDefault: false },
  });

  expect(address).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    ...lines,
    isDefault: false,
    createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    updatedAt: address.createdAt,
  });
});

test('makes the first address the default', async () => {
  const customer = await aCustomer(vault.owner);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home' },
  });

  expect(payload.address.isDefault).toBe(true);
  expect(payload.customer.defaultAddress).toEqual(payload.address);
});

test('leaves the customer without a default when the first address says that it is not', async () => {
  const customer = await aCustomer(vault.owner);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home', isDefault: false },
  });

  expect(payload.customer).toMatchObject({ addresses: [payload.address], defaultAddress: null });
});

test('leaves the default where it is when a later address does not say', async () => {
  const customer = await aCustomer(vault.owner);
  const first = await anAddress(vault.owner, customer.id);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Work' },
  });

  expect(payload.address.isDefault).toBe(false);
  expect(payload.customer.defaultAddress.id).toBe(first.id);
});

test('leaves a customer without a default without one when a later address does not say', async () => {
  const customer = await aCustomer(vault.owner);
  await anAddress(vault.owner, customer.id, { isDefault: false });

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Work' },
  });

  expect(payload.customer.defaultAddress).toBeNull();
});

test('moves the default to a later address that says so', async () => {
  const customer = await aCustomer(vault.owner);
  const first = await anAddress(vault.owner, customer.id);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Work', isDefault: true },
  });

  expect(payload.customer.addresses).toMatchObject([
    { id: payload.address.id, isDefault: true },
    { id: first.id, isDefault: false },
  ]);
});

test('lists the default first and then the oldest first', async () => {
  const customer = await aCustomer(vault.owner);
  for (const label of ['One', 'Two', 'Three']) await anAddress(vault.owner, customer.id, { label });

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Four', isDefault: true },
  });

  expect(payload.customer.addresses.map((address: { label: string }) => address.label)).toEqual([
    'Four',
    'One',
    'Two',
    'Three',
  ]);
});

test('answers with the customer as it is afterwards, one version later', async () => {
  const { id } = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, id);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: id,
    address: { label: 'Home' },
  });

  expect(payload.customer).toEqual({
    ...before,
    version: 2,
    updatedAt: payload.address.createdAt,
    addresses: [payload.address],
    defaultAddress: payload.address,
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, id)).toEqual(payload.customer);
});

test('gives the customer below the address, too', async () => {
  const customer = await aCustomer(vault.owner, { name: 'Grace Hopper' });

  const answer = await vault.owner.execute(
    `mutation ($input: AddAddressInput!) {
      addAddress(input: $input) { address { customer { name version } } }
    }`,
    { input: { customerId: customer.id, address: { label: 'Home' } } },
  );

  expect(answer.expectData().addAddress.address.customer).toEqual({
    name: 'Grace Hopper',
    version: 2,
  });
});

test('leaves other customers as they are', async () => {
  const customer = await aCustomer(vault.owner);
  const other = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const before = await wholeCustomer(vault.owner, other.id);

  await anAddress(vault.owner, customer.id);

  expect(await wholeCustomer(vault.owner, other.id)).toEqual(before);
});

test('accepts the same label twice', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home' },
  });

  expect(payload.customer.addresses).toMatchObject([{ label: 'Home' }, { label: 'Home' }]);
});

test('accepts the fiftieth address', async () => {
  const addresses = Array.from({ length: 49 }, (_, index) => ({ label: `Branch ${index}` }));
  const customer = await aCustomer(vault.owner, { addresses });

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'The fiftieth' },
  });

  expect(payload.customer.addresses).toHaveLength(50);
});

test('refuses the fifty-first address and changes nothing', async () => {
  const addresses = Array.from({ length: 50 }, (_, index) => ({ label: `Branch ${index}` }));
  const customer = await aCustomer(vault.owner, { addresses });
  const before = await wholeCustomer(vault.owner, customer.id);

  const answer = await change(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Too many', isDefault: true },
  });

  expect(answer.expectData().addAddress).toEqual({
    address: null,
    customer: null,
    userErrors: [{ code: 'TOO_LONG', field: ['input', 'address'], message: expect.any(String) }],
  });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test('accepts the version that the customer is at', async () => {
  const customer = await aCustomer(vault.owner);

  const payload = await changed(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home' },
    expectedVersion: 1,
  });

  expect(payload.customer.version).toBe(2);
});

test('refuses another version than the customer is at and changes nothing', async () => {
  const customer = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, customer.id);

  const answer = await change(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home' },
    expectedVersion: 2,
  });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});
