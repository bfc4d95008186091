import { type Change, change } from '../support/changes.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const neverGiven = '0123456789abcdef01234567';
const changes: [Change, object][] = [
  ['updatePaymentMethod', { label: 'Other' }],
  ['setDefaultPaymentMethod', {}],
  ['unlinkPaymentMethod', {}],
];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test.each(changes)('%s answers NOT_FOUND for an id that was never given', async (mutation, input) => {
  const answer = await change(vault.owner, mutation, { id: neverGiven, ...input });

  expect(answer.expectData()[mutation]).toEqual({
    [mutation === 'unlinkPaymentMethod' ? 'unlinkedPaymentMethodId' : 'paymentMethod']: null,
    customer: null,
    userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'], message: expect.any(String) }],
  });
});

test.each(changes)(
  "%s answers for a stranger's payment method as for one that never was",
  async (mutation, input) => {
    const customer = await aCustomer(vault.stranger);
    await aPaymentMethod(vault.stranger, customer.id);
    const { id } = await aPaymentMethod(vault.stranger, customer.id);
    const before = await wholeCustomer(vault.stranger, customer.id);
    const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

    const answer = await change(vault.owner, mutation, { id, ...input });

    expect(answer.status).toBe(missing.status);
    expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
    expect(await wholeCustomer(vault.stranger, customer.id)).toEqual(before);
  },
);

test.each(changes)('%s answers for a token as for an id that never was', async (mutation, input) => {
  const customer = await aCustomer(vault.owner);
  const { token } = await aPaymentMethod(vault.owner, customer.id);
  const before = await wholeCustomer(vault.owner, customer.id);
  const missing = await change(vault.owner, mutation, { id: neverGiven, ...input });

  const answer = await change(vault.owner, mutation, { id: token, ...input });

  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

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

test.each(changes)('%s refuses another version than the customer is at', async (mutation, input) => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id);
  const { id } = await aPaymentMethod(vault.owner, customer.id);
  const before = await wholeCustomer(vault.owner, customer.id);

  const answer = await change(vault.owner, mutation, { id, ...input, expectedVersion: 2 });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test.each(changes)('%s accepts the version that the customer is at', async (mutation, input) => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id);
  const { id } = await aPaymentMethod(vault.owner, customer.id);

  const answer = await change(vault.owner, mutation, { id, ...input, expectedVersion: 3 });

  expect(answer.expectData()[mutation]).toMatchObject({ customer: { version: 4 }, userErrors: [] });
});

test.each(['updatePaymentMethod', 'setDefaultPaymentMethod'] as const)(
  '%s refuses another version even when nothing would change',
  async (mutation) => {
    const customer = await aCustomer(vault.owner);
    const { id } = await aPaymentMethod(vault.owner, customer.id);

    const answer = await change(vault.owner, mutation, { id, expectedVersion: 7 });

    expect(answer.expectUserErrors()).toEqual([
      { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
  },
);

test('REQUIRE_REPLACEMENT yields to another version than the customer is at', async () => {
  const customer = await aCustomer(vault.owner);
  const { id } = await aPaymentMethod(vault.owner, customer.id);
  await aPaymentMethod(vault.owner, customer.id);

  const answer = await change(vault.owner, 'unlinkPaymentMethod', {
    id,
    ifDefault: 'REQUIRE_REPLACEMENT',
    expectedVersion: 1,
  });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
});
