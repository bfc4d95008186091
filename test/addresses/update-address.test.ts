import { change, changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCustomer, anAddress } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const full = {
  label: 'Work',
  line1: '7272 E Indian School Rd',
  line2: 'Suite 400',
  city: 'Scottsdale',
  state: 'AZ',
  postalCode: '85251',
  country: 'USA',
};

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

async function aCustomerWithAddresses(...inputs: object[]) {
  const customer = await aCustomer(vault.owner);
  for (const input of inputs) await anAddress(vault.owner, customer.id, input);
  const { addresses, ...whole } = await wholeCustomer(vault.owner, customer.id);
  return { ...whole, addresses };
}

test('changes what is given and leaves the rest of the address', async () => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' });
  const [work, home] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', {
    id: work.id,
    label: 'Office',
    line2: 'Suite 500',
  });

  expect(payload.address).toEqual({
    ...work,
    label: 'Office',
    line2: 'Suite 500',
    updatedAt: payload.customer.updatedAt,
  });
  expect(payload.customer).toEqual({
    ...before,
    version: before.version + 1,
    updatedAt: expect.any(String),
    addresses: [payload.address, home],
    defaultAddress: payload.address,
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(payload.customer);
});

test('clears what is null', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const { address } = await changed(vault.owner, 'updateAddress', {
    id: work.id,
    line1: null,
    line2: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
  });

  expect(address).toEqual({
    ...work,
    line1: null,
    line2: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    updatedAt: expect.any(String),
  });
});

test.each([null, '', '  '])('refuses the label %j and changes nothing', async (label) => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await change(vault.owner, 'updateAddress', { id: work.id, label, city: 'Phoenix' });

  expect(answer.expectData().updateAddress).toEqual({
    address: null,
    customer: null,
    userErrors: [{ code: 'REQUIRED', field: ['input', 'label'], message: expect.any(String) }],
  });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('reports every problem at once', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await change(vault.owner, 'updateAddress', {
    id: work.id,
    label: 'x'.repeat(51),
    country: 'Atlantis',
    city: '4242 4242 4242 4242',
  });

  expect(answer.expectUserErrors()).toEqual(
    expect.arrayContaining([
      { code: 'TOO_LONG', field: ['input', 'label'] },
      { code: 'INVALID', field: ['input', 'country'] },
      { code: 'CARD_NUMBER_REFUSED', field: ['input', 'city'] },
    ]),
  );
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('judges a new postal code by the country that stays', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await change(vault.owner, 'updateAddress', { id: work.id, postalCode: 'SW1A 1AA' });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'postalCode'] }]);
});

test('judges the postal code that stays by a new country', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await change(vault.owner, 'updateAddress', { id: work.id, country: 'CA' });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'postalCode'] }]);
});

test.each([
  ['nothing is given', {}],
  ['the same values are given', full],
  ['the same values are given in another form', { country: 'us', label: ' Work ' }],
  ['the default is said to be the default', { isDefault: true }],
])('changes nothing, not even the version, when %s', async (_, input) => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' });
  const [work] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', { id: work.id, ...input });

  expect(payload).toEqual({ address: work, customer: before });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('changes nothing when an address that is not the default is said not to be', async () => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' });
  const [, home] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', { id: home.id, isDefault: false });

  expect(payload).toEqual({ address: home, customer: before });
});

test('makes an address the default', async () => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' }, { label: 'Boat' });
  const [work, home, boat] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', { id: boat.id, isDefault: true });

  expect(payload.address).toEqual({ ...boat, isDefault: true });
  expect(payload.customer).toEqual({
    ...before,
    version: before.version + 1,
    updatedAt: expect.any(String),
    addresses: [payload.address, { ...work, isDefault: false }, home],
    defaultAddress: payload.address,
  });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(payload.customer);
});

test('leaves the customer without a default when the default is said not to be', async () => {
  const before = await aCustomerWithAddresses({ label: 'Home' }, { ...full, isDefault: true });
  const [work, home] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', { id: work.id, isDefault: false });

  expect(payload.address).toEqual({ ...work, isDefault: false });
  expect(payload.customer).toEqual({
    ...before,
    version: before.version + 1,
    updatedAt: expect.any(String),
    addresses: [home, payload.address],
    defaultAddress: null,
  });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(payload.customer);
});

test('takes null for isDefault as left out', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', { id: work.id, isDefault: null });

  expect(payload).toEqual({ address: work, customer: before });
});

test('changes lines and the default in one step', async () => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' });
  const [, home] = before.addresses;

  const payload = await changed(vault.owner, 'updateAddress', {
    id: home.id,
    label: 'Cabin',
    isDefault: true,
  });

  expect(payload.customer.version).toBe(before.version + 1);
  expect(payload.address).toEqual({
    ...home,
    label: 'Cabin',
    isDefault: true,
    updatedAt: payload.customer.updatedAt,
  });
});

test('gives the customer below the address as it is afterwards', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await vault.owner.execute(
    `mutation ($input: UpdateAddressInput!) {
      updateAddress(input: $input) { address { customer { name version } } }
    }`,
    { input: { id: work.id, label: 'Office' } },
  );

  expect(answer.expectData().updateAddress.address.customer).toEqual({
    name: 'Ada Lovelace',
    version: before.version + 1,
  });
});

test('gives the list below the address as it is afterwards', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const answer = await vault.owner.execute(
    `mutation ($input: UpdateAddressInput!) {
      updateAddress(input: $input) { address { customer { addresses { label isDefault } } } }
    }`,
    { input: { id: work.id, label: 'Office', isDefault: false } },
  );

  expect(answer.expectData().updateAddress.address.customer).toEqual({
    addresses: [{ label: 'Office', isDefault: false }],
  });
});

test('gives the same customer wherever the answer leads back to it', async () => {
  const before = await aCustomerWithAddresses(full, { label: 'Home' });
  const [, home] = before.addresses;

  const answer = await vault.owner.execute(
    `mutation ($input: UpdateAddressInput!) {
      updateAddress(input: $input) {
        address { customer { ...whole } }
        customer { ...whole addresses { customer { ...whole } } }
      }
    }
    fragment whole on Customer { version defaultAddress { label } addresses { label isDefault } }`,
    { input: { id: home.id, label: 'Cabin', isDefault: true } },
  );

  const after = {
    version: before.version + 1,
    defaultAddress: { label: 'Cabin' },
    addresses: [
      { label: 'Cabin', isDefault: true },
      { label: 'Work', isDefault: false },
    ],
  };
  expect(answer.expectData().updateAddress).toEqual({
    address: { customer: after },
    customer: { ...after, addresses: after.addresses.map((address) => ({ ...address, customer: after })) },
  });
});

test('takes an id in upper case', async () => {
  const before = await aCustomerWithAddresses(full);
  const [work] = before.addresses;

  const { address } = await changed(vault.owner, 'updateAddress', {
    id: work.id.toUpperCase(),
    label: 'Office',
  });

  expect(address).toMatchObject({ id: work.id, label: 'Office' });
});
