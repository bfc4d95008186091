import { type Change, change } from '../support/changes.js';
import { aCustomer, anAddress } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const neverGiven = '0123456789abcdef01234567';
const changes: [Change, object][] = [
  ['updateAddress', { label: 'Other' }],
  ['setDefaultAddress', {}],
  ['removeAddress', {}],
];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test.each(changes)('%s answers NOT_FOUND for an id that was never given', async (mutation, input) => {
  const answer = await change(vault.owner, mutation, { id: neverGiven, ...input });

  expect(answer.expectData()[mutation]).toEqual({
    [mutation === 'removeAddress' ? 'removedAddressId' : 'address']: null,
    customer: null,
    userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'], message: expect.any(String) }],
  });
});

test.each(changes)(
  "%s answers for a stranger's address as for one that never was",
  async (mutation, input) => {
    const customer = await aCustomer(vault.stranger, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
    const before = await wholeCustomer(vault.stranger, customer.id);
    const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

    const answer = await change(vault.owner, mutation, { id: customer.addresses[1]?.id, ...input });

    expect(answer.status).toBe(missing.status);
    expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
    expect(await wholeCustomer(vault.stranger, customer.id)).toEqual(before);
  },
);

test.each(changes)(
  '%s answers for an id of another kind as for one that never was',
  async (mutation, input) => {
    const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
    const before = await wholeCustomer(vault.owner, customer.id);
    const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

    const answer = await change(vault.owner, mutation, { id: customer.id, ...input });

    expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
    expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
  },
);

test.each(changes)('%s answers for a malformed id as for one that never was', async (mutation, input) => {
  const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

  const answers = await Promise.all(
    ['', 'x', `${neverGiven}0`, 'g'.repeat(24), "' or 1=1 --", '\u0000'].map((id) =>
      change(vault.owner, mutation, { id, ...input }),
    ),
  );

  expect(answers.map(({ body }) => ({ ...body, extensions: null }))).toEqual(
    Array(6).fill({ ...missing.body, extensions: null }),
  );
});

test.each(changes)('%s answers for a removed address as for one that never was', async (mutation, input) => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const removed = { id: customer.addresses[0]?.id };
  await change(vault.owner, 'removeAddress', removed);
  const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

  const answer = await change(vault.owner, mutation, { ...removed, ...input });

  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
});

test("addAddress answers for a stranger's customer as for one that never was", async () => {
  const customer = await aCustomer(vault.stranger);
  const before = await wholeCustomer(vault.stranger, customer.id);
  const address = { label: 'Home' };
  const missing = await change(vault.owner, 'addAddress', { customerId: neverGiven, address });

  const answer = await change(vault.owner, 'addAddress', { customerId: customer.id, address });

  expect(answer.expectUserErrors()).toEqual([{ code: 'NOT_FOUND', field: ['input', 'customerId'] }]);
  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
  expect(await wholeCustomer(vault.stranger, customer.id)).toEqual(before);
});

test('addAddress answers for a malformed id as for one that never was', async () => {
  const address = { label: 'Home' };
  const missing = await change(vault.owner, 'addAddress', { customerId: neverGiven, address });

  const answer = await change(vault.owner, 'addAddress', { customerId: 'not an id', address });

  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
});

test.each(changes)('%s refuses another version than the customer is at', async (mutation, input) => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  await anAddress(vault.owner, customer.id);
  const before = await wholeCustomer(vault.owner, customer.id);
  const id = customer.addresses[1]?.id;

  const answer = await change(vault.owner, mutation, { id, ...input, expectedVersion: 1 });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test.each(changes)('%s accepts the version that the customer is at', async (mutation, input) => {
  const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }, { label: 'Work' }] });
  const id = customer.addresses[1]?.id;

  const answer = await change(vault.owner, mutation, { id, ...input, expectedVersion: 1 });

  expect(answer.expectData()[mutation]).toMatchObject({ customer: { version: 2 }, userErrors: [] });
});

test.each(['updateAddress', 'setDefaultAddress'] as const)(
  '%s refuses another version even when nothing would change',
  async (mutation) => {
    const customer = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });

    const answer = await change(vault.owner, mutation, { id: customer.addresses[0]?.id, expectedVersion: 7 });

    expect(answer.expectUserErrors()).toEqual([
      { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
  },
);
