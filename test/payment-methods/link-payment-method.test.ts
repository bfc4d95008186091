import { change, changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const billingDetails = {
  name: 'John Doe',
  email: 'john.doe@example.com',
  phone: '5551234567',
  address: {
    line1: '7272 E Indian School Rd',
    line2: null,
    city: 'Scottsdale',
    state: 'AZ',
    postalCode: '85251',
    country: 'USA',
  },
};

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

test('gives a card with everything that its tokenization told', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner, {
    card: {
      brand: 'MASTERCARD',
      lastFour: '4444',
      expiry: { month: 3, year: 2034 },
      tokenType: 'NETWORK',
      cvcCheck: 'NO_MATCH',
      addressCheck: 'PARTIAL_MATCH',
    },
    billingDetails,
  });

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', {
    customerId,
    token,
    label: 'My card',
  });

  expect(paymentMethod).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    token: expect.stringMatching(uuid),
    type: 'CARD',
    label: 'My card',
    isDefault: true,
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    usable: true,
    unusableReason: null,
    billingDetails,
    card: {
      brand: 'MASTERCARD',
      lastFour: '4444',
      checks: { cvcCheck: 'NO_MATCH', addressCheck: 'PARTIAL_MATCH' },
      expiry: { month: 3, year: 2034 },
      tokenType: 'NETWORK',
    },
    ach: null,
    createdAt: expect.any(String),
    linkedAt: expect.any(String),
    updatedAt: paymentMethod.linkedAt,
  });
  expect(paymentMethod.createdAt < paymentMethod.linkedAt).toBe(true);
});

test('gives a bank account with everything that its tokenization told', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(
    vault.owner,
    anAccount({ bankAccountType: 'SAVINGS', lastFour: '0123' }),
  );

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(paymentMethod).toMatchObject({
    type: 'ACH',
    label: null,
    billingDetails: null,
    card: null,
    ach: { bankAccountType: 'SAVINGS', lastFour: '0123', verified: true },
    usable: true,
  });
});

test('answers with the customer as it is afterwards, one version later', async () => {
  const { id: customerId } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const before = await wholeCustomer(vault.owner, customerId);
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(payload.existing).toBe(false);
  expect(payload.customer).toEqual({
    ...before,
    version: 2,
    updatedAt: payload.paymentMethod.linkedAt,
    paymentMethods: { totalCount: 1, nodes: [payload.paymentMethod] },
    defaultPaymentMethod: payload.paymentMethod,
  });
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(payload.customer);
});

test('leaves other customers as they are', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const other = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, other.id);
  const before = await wholeCustomer(vault.owner, other.id);

  await aPaymentMethod(vault.owner, customerId);

  expect(await wholeCustomer(vault.owner, other.id)).toEqual(before);
});

test('makes the first payment method the default when it does not say', async () => {
  const { id } = await aCustomer(vault.owner);

  const paymentMethod = await aPaymentMethod(vault.owner, id);

  expect(paymentMethod.isDefault).toBe(true);
});

test('leaves the customer without a default when the first says that it is not', async () => {
  const { id } = await aCustomer(vault.owner);

  await aPaymentMethod(vault.owner, id, { isDefault: false });

  expect(await wholeCustomer(vault.owner, id)).toMatchObject({
    defaultPaymentMethod: null,
    paymentMethods: { nodes: [{ isDefault: false }] },
  });
});

test.each([false, null, undefined])(
  'leaves the default where it is when a later one has isDefault %j',
  async (isDefault) => {
    const { id } = await aCustomer(vault.owner);
    const first = await aPaymentMethod(vault.owner, id);

    const later = await aPaymentMethod(vault.owner, id, { isDefault });

    expect(later.isDefault).toBe(false);
    expect((await wholeCustomer(vault.owner, id)).defaultPaymentMethod.id).toBe(first.id);
  },
);

test('does not make a later payment method the default of a customer who has none', async () => {
  const { id } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, id, { isDefault: false });

  await aPaymentMethod(vault.owner, id);

  expect((await wholeCustomer(vault.owner, id)).defaultPaymentMethod).toBeNull();
});

test('moves the default to a later payment method that says so', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const first = await aPaymentMethod(vault.owner, customerId);
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, isDefault: true });

  expect(payload.customer.defaultPaymentMethod).toEqual({ ...payload.paymentMethod, isDefault: true });
  expect(payload.customer.paymentMethods.nodes).toMatchObject([
    { id: payload.paymentMethod.id, isDefault: true },
    { id: first.id, isDefault: false },
  ]);
});

test.each([
  ['an expired card', aCard({ expiry: { month: 11, year: 2029 } }), 'CARD_EXPIRED'],
  ['an unverified bank account', anAccount({ verified: false }), 'ACH_NOT_VERIFIED'],
])('links %s, even as the default, and says why it is not usable', async (_, tokenize, unusableReason) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner, tokenize);

  const { paymentMethod, customer } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(paymentMethod).toMatchObject({ isDefault: true, usable: false, unusableReason });
  expect(customer).toMatchObject({
    defaultPaymentMethod: paymentMethod,
    paymentMethods: { nodes: [paymentMethod] },
  });
});

test('cuts white space off the label and stores it in NFC', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', {
    customerId,
    token,
    label: '  Cafe\u0301 card\t',
  });

  expect(paymentMethod.label).toBe('Caf\u00e9 card');
});

test('takes a label of 50 characters, counted in code points', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const label = '💳'.repeat(50);

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, label });

  expect(paymentMethod.label).toBe(label);
});

test.each([
  ['of 51 characters', 'x'.repeat(51), 'TOO_LONG'],
  ['with a card number', 'Visa 4242-4242-4242-4242', 'CARD_NUMBER_REFUSED'],
  ['with a control character', 'a\u0000b', 'INVALID'],
])('refuses a label %s and leaves the token unspent', async (_, label, code) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const before = await wholeCustomer(vault.owner, customerId);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token, label });

  expect(answer.expectData().linkPaymentMethod).toEqual({
    paymentMethod: null,
    existing: false,
    customer: null,
    userErrors: [{ code, field: ['input', 'label'], message: expect.any(String) }],
  });
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
  await changed(vault.owner, 'linkPaymentMethod', { customerId, token });
});

test('refuses a card number in the place of a token', async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token: '4242424242424242' });

  expect(answer.expectUserErrors()).toEqual([{ code: 'CARD_NUMBER_REFUSED', field: ['input', 'token'] }]);
  expect(JSON.stringify(answer.body)).not.toContain('4242');
});

test('refuses a blank token', async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token: ' ' });

  expect(answer.expectUserErrors()).toEqual([{ code: 'REQUIRED', field: ['input', 'token'] }]);
});

test('gives the customer below the payment method, too', async () => {
  const { id: customerId } = await aCustomer(vault.owner, { name: 'Grace Hopper' });
  const token = await aProviderToken(vault.owner);

  const answer = await vault.owner.execute(
    `mutation ($input: LinkPaymentMethodInput!) {
      linkPaymentMethod(input: $input) { paymentMethod { customer { name version } } }
    }`,
    { input: { customerId, token } },
  );

  expect(answer.expectData().linkPaymentMethod.paymentMethod.customer).toEqual({
    name: 'Grace Hopper',
    version: 2,
  });
});

test('gives the same card the same fingerprint within a merchant', async () => {
  const one = await aCustomer(vault.owner);
  const two = await aCustomer(vault.owner);

  await aPaymentMethod(vault.owner, one.id);
  await aPaymentMethod(vault.owner, two.id);

  const fingerprints = await Promise.all(
    [one, two].map(async ({ id }) => (await wholeCustomer(vault.owner, id)).defaultPaymentMethod.fingerprint),
  );
  expect(fingerprints[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprints[1]).toBe(fingerprints[0]);
});

test('gives other cards other fingerprints', async () => {
  const { id } = await aCustomer(vault.owner);

  for (const tokenize of [
    aCard(),
    aCard({ lastFour: '4243' }),
    aCard({ brand: 'JCB' }),
    aCard({ expiry: { month: 11, year: 2035 } }),
    anAccount(),
    anAccount({ bankAccountType: 'SAVINGS' }),
  ]) {
    await aPaymentMethod(vault.owner, id, { tokenize });
  }

  const { nodes } = (await wholeCustomer(vault.owner, id)).paymentMethods;
  expect(new Set(nodes.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(6);
});

test('gives the same card other fingerprints with other merchants', async () => {
  const mine = await aCustomer(vault.owner);
  const theirs = await aCustomer(vault.stranger);

  await aPaymentMethod(vault.owner, mine.id);
  await aPaymentMethod(vault.stranger, theirs.id);

  const one = (await wholeCustomer(vault.owner, mine.id)).defaultPaymentMethod.fingerprint;
  const two = (await wholeCustomer(vault.stranger, theirs.id)).defaultPaymentMethod.fingerprint;
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(two).toMatch(/^[0-9a-f]{64}$/);
  expect(two).not.toBe(one);
});
