import { change, changed } from '../support/changes.js';
import { aCustomer } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault(noQueue);
});

afterAll(() => vault.close());

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

test('adds every one of 20 racing addresses, each at a version of its own', async () => {
  const customer = await aCustomer(vault.owner);

  const answers = await race(
    vault.databaseUrl,
    customer.id,
    range(20).map(
      (index) => () =>
        vault.owner.execute(
          `mutation ($input: AddAddressInput!) {
          addAddress(input: $input) { address { label isDefault } customer { version } userErrors { code } }
        }`,
          { input: { customerId: customer.id, address: { label: `Branch ${index}` } } },
        ),
    ),
  );

  const payloads = answers.map((answer) => answer.expectData().addAddress);
  const versions = payloads.map((payload) => payload.customer.version).toSorted((a, b) => a - b);
  expect(versions).toEqual(range(20).map((index) => index + 2));
  expect(payloads.map((payload) => payload.address.label)).toEqual(
    range(20).map((index) => `Branch ${index}`),
  );
  expect(payloads.filter((payload) => payload.address.isDefault)).toHaveLength(1);
  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after.version).toBe(21);
  expect(after.addresses).toHaveLength(20);
  expect(after.addresses.filter((address: { isDefault: boolean }) => address.isDefault)).toHaveLength(1);
});

test('never gives a customer more than 50 addresses, however many race for the last places', async () => {
  const addresses = range(45).map((index) => ({ label: `Branch ${index}` }));
  const customer = await aCustomer(vault.owner, { addresses });

  const answers = await race(
    vault.databaseUrl,
    customer.id,
    range(12).map(
      (index) => () =>
        change(vault.owner, 'addAddress', { customerId: customer.id, address: { label: `New ${index}` } }),
    ),
  );

  const problems = answers.flatMap((answer) => answer.expectData().addAddress.userErrors);
  expect(problems.map(({ code }) => code)).toEqual(Array(7).fill('TOO_LONG'));
  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after.addresses).toHaveLength(50);
  expect(after.version).toBe(6);
});

test('leaves one default when every address is made the default at once', async () => {
  const addresses = range(10).map((index) => ({ label: `Branch ${index}`, isDefault: false }));
  const customer = await aCustomer(vault.owner, { addresses });

  await race(
    vault.databaseUrl,
    customer.id,
    customer.addresses.map(
      ({ id }) =>
        () =>
          changed(vault.owner, 'setDefaultAddress', { id }),
    ),
  );

  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after.version).toBe(11);
  expect(after.addresses.filter((address: { isDefault: boolean }) => address.isDefault)).toEqual([
    after.defaultAddress,
  ]);
});

test('loses none of racing changes to different lines of one address', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const id = customer.addresses[0]?.id;
  const lines = { line1: 'One', line2: 'Two', city: 'Three', state: 'Four', label: 'Five' };

  await race(
    vault.databaseUrl,
    customer.id,
    Object.entries(lines).map(
      ([name, value]) =>
        () =>
          changed(vault.owner, 'updateAddress', { id, [name]: value }),
    ),
  );

  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after.addresses).toMatchObject([lines]);
  expect(after.version).toBe(6);
});

test('lets one of racing changes through that expect the same version', async () => {
  const customer = await aCustomer(vault.owner);

  const answers = await race(
    vault.databaseUrl,
    customer.id,
    range(8).map(
      (index) => () =>
        change(vault.owner, 'addAddress', {
          customerId: customer.id,
          address: { label: `Branch ${index}` },
          expectedVersion: 1,
        }),
    ),
  );

  const problems = answers.flatMap((answer) => answer.expectData().addAddress.userErrors);
  expect(problems.map(({ code }) => code)).toEqual(Array(7).fill('VERSION_CONFLICT'));
  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after).toMatchObject({ version: 2, addresses: [{ isDefault: true }] });
});

test('removes an address once when many remove it at once', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const id = customer.addresses[1]?.id;

  const answers = await race(
    vault.databaseUrl,
    customer.id,
    range(8).map(() => () => change(vault.owner, 'removeAddress', { id })),
  );

  const problems = answers.flatMap((answer) => answer.expectData().removeAddress.userErrors);
  expect(problems.map(({ code }) => code)).toEqual(Array(7).fill('NOT_FOUND'));
  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after).toMatchObject({ version: 2, addresses: [{ label: 'Home' }] });
});

test('makes none of a removed address and a default that race for it', async () => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const id = customer.addresses[1]?.id;

  const [setting] = await race(vault.databaseUrl, customer.id, [
    () => change(vault.owner, 'setDefaultAddress', { id }),
    () => change(vault.owner, 'removeAddress', { id }),
  ]);

  const [problem] = setting?.expectData().setDefaultAddress.userErrors ?? [];
  expect([undefined, 'NOT_FOUND']).toContain(problem?.code);
  const after = await wholeCustomer(vault.owner, customer.id);
  expect(after).toMatchObject({ version: problem ? 2 : 3, addresses: [{ label: 'Home' }] });
  expect(after.defaultAddress?.label ?? null).toBe(problem ? 'Home' : null);
});
