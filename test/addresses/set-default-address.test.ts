import { changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

test('moves the default and lists it first', async () => {
  const customer = await aCustomer(vault.owner, {
    addresses: [{ label: 'Home' }, { label: 'Work' }, { label: 'Boat' }],
  });
  const before = await wholeCustomer(vault.owner, customer.id);
  const [home, work, boat] = before.addresses;

  const payload = await changed(vault.owner, 'setDefaultAddress', { id: work.id });

  expect(payload.address).toEqual({ ...work, isDefault: true });
  expect(payload.customer).toEqual({
    ...before,
    version: 2,
    updatedAt: expect.any(String),
    addresses: [payload.address, { ...home, isDefault: false }, boat],
    defaultAddress: payload.address,
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(payload.customer);
});

test('gives a default to a customer who has none', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home', isDefault: false }] });
  const [home] = customer.addresses;

  const payload = await changed(vault.owner, 'setDefaultAddress', { id: home?.id });

  expect(payload.customer.defaultAddress).toEqual({ ...payload.address, isDefault: true });
});

test('changes nothing, not even the version, when it is the default already', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const before = await wholeCustomer(vault.owner, customer.id);
  const [home] = before.addresses;

  const payload = await changed(vault.owner, 'setDefaultAddress', { id: home.id });

  expect(payload).toEqual({ address: home, customer: before });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test('leaves the defaults of other customers where they are', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const other = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const before = await wholeCustomer(vault.owner, other.id);

  await changed(vault.owner, 'setDefaultAddress', { id: customer.addresses[1]?.id });

  expect(await wholeCustomer(vault.owner, other.id)).toEqual(before);
});
