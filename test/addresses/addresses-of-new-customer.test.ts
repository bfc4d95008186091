import { tickingClock } from '../support/clock.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

function create(addresses: object[]) {
  return vault.owner.execute(
    `mutation ($input: CreateCustomerInput!) {
      createCustomer(input: $input) {
        customer { version addresses { label isDefault } defaultAddress { label } }
        userErrors { code field message }
      }
    }`,
    { input: { name: 'Ada Lovelace', addresses } },
  );
}

test('makes the first address the default when none says', async () => {
  const answer = await create([{ label: 'Home' }, { label: 'Work' }]);

  expect(answer.expectData().createCustomer).toEqual({
    customer: {
      version: 1,
      addresses: [
        { label: 'Home', isDefault: true },
        { label: 'Work', isDefault: false },
      ],
      defaultAddress: { label: 'Home' },
    },
    userErrors: [],
  });
});

test('makes the address the default that says so and lists it first', async () => {
  const answer = await create([{ label: 'Home' }, { label: 'Work' }, { label: 'Boat', isDefault: true }]);

  expect(answer.expectData().createCustomer.customer).toEqual({
    version: 1,
    addresses: [
      { label: 'Boat', isDefault: true },
      { label: 'Home', isDefault: false },
      { label: 'Work', isDefault: false },
    ],
    defaultAddress: { label: 'Boat' },
  });
});

test('gives no default when the first address says that it is not and no other that it is', async () => {
  const answer = await create([{ label: 'Home', isDefault: false }, { label: 'Work' }]);

  expect(answer.expectData().createCustomer.customer).toEqual({
    version: 1,
    addresses: [
      { label: 'Home', isDefault: false },
      { label: 'Work', isDefault: false },
    ],
    defaultAddress: null,
  });
});

test('refuses several defaults at every one after the first', async () => {
  const answer = await create([
    { label: 'Home' },
    { label: 'Work', isDefault: true },
    { label: 'Boat', isDefault: true },
    { label: 'Cabin', isDefault: true },
  ]);

  expect(answer.expectData().createCustomer).toEqual({
    customer: null,
    userErrors: [
      {
        code: 'INVALID',
        field: ['input', 'addresses', '2', 'isDefault'],
        message: expect.any(String),
      },
      {
        code: 'INVALID',
        field: ['input', 'addresses', '3', 'isDefault'],
        message: expect.any(String),
      },
    ],
  });
});

test('accepts 50 addresses', async () => {
  const answer = await create(Array.from({ length: 50 }, (_, index) => ({ label: `Branch ${index}` })));

  expect(answer.expectData().createCustomer.customer.addresses).toHaveLength(50);
});

test('refuses 51 addresses', async () => {
  const answer = await create(Array.from({ length: 51 }, (_, index) => ({ label: `Branch ${index}` })));

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'addresses'] }]);
});

test('reports what is wrong with every address at once, each at its place', async () => {
  const answer = await create([
    { label: ' ', country: 'Atlantis' },
    { label: 'Work' },
    { label: 'Boat', country: 'USA', postalCode: 'AB1' },
  ]);

  expect(answer.expectUserErrors()).toEqual(
    expect.arrayContaining([
      { code: 'REQUIRED', field: ['input', 'addresses', '0', 'label'] },
      { code: 'INVALID', field: ['input', 'addresses', '0', 'country'] },
      { code: 'INVALID', field: ['input', 'addresses', '2', 'postalCode'] },
    ]),
  );
  expect(answer.expectUserErrors()).toHaveLength(3);
});
