import { changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCustomer, anAddress } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

test('takes the address off its customer and leaves the others', async () => {
  const customer = await aCustomer(vault.owner, {
    addresses: [{ label: 'Home' }, { label: 'Work' }, { label: 'Boat' }],
  });
  const before = await wholeCustomer(vault.owner, customer.id);
  const [home, work, boat] = before.addresses;

  const payload = await changed(vault.owner, 'removeAddress', { id: work.id });

  expect(payload).toEqual({
    removedAddressId: work.id,
    customer: { ...before, version: 2, updatedAt: expect.any(String), addresses: [home, boat] },
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(payload.customer);
});

test('leaves the customer without a default when it was the default', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const before = await wholeCustomer(vault.owner, customer.id);
  const [home, work] = before.addresses;

  const payload = await changed(vault.owner, 'removeAddress', { id: home.id });

  expect(payload.customer).toMatchObject({ addresses: [work], defaultAddress: null, version: 2 });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(payload.customer);
});

test('makes the next address the default when it was the only one', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  await changed(vault.owner, 'removeAddress', { id: customer.addresses[0]?.id });

  const next = await anAddress(vault.owner, customer.id);

  expect(next.isDefault).toBe(true);
});

test('makes room for another address where there are fifty', async () => {
  const addresses = Array.from({ length: 50 }, (_, index) => ({ label: `Branch ${index}` }));
  const customer = await aCustomer(vault.owner, { addresses });
  await changed(vault.owner, 'removeAddress', { id: customer.addresses[49]?.id });

  const added = await anAddress(vault.owner, customer.id, { label: 'Another' });

  expect(added.label).toBe('Another');
});
