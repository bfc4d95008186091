import { changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

const neverGiven = '00000000-0000-4000-8000-000000000000';
const expired = aCard({ expiry: { month: 11, year: 2029 } });
const unverified = anAccount({ verified: false });

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

function resolve(token: string, client = vault.owner) {
  return client.execute(
    `query ($token: ID!) {
      resolvePaymentToken(token: $token) {
        kind customer { id } paymentMethod { id } providerToken usable unusableReason alternatives { id usable }
      }
    }`,
    { token },
  );
}

/** A customer with one card, and the provider's token of it. */
async function aCustomerWithCard() {
  const customer = await aCustomer(vault.owner);
  const providerToken = await aProviderToken(vault.owner);
  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', {
    customerId: customer.id,
    token: providerToken,
  });
  return { customer, paymentMethod, providerToken };
}

test('resolves a customer token to the default payment method and what the provider charges', async () => {
  const { customer, paymentMethod, providerToken } = await aCustomerWithCard();

  const answer = await resolve(customer.token);

  expect(answer.expectData().resolvePaymentToken).toEqual({
    kind: 'CUSTOMER',
    customer: { id: customer.id },
    paymentMethod: { id: paymentMethod.id },
    providerToken,
    usable: true,
    unusableReason: null,
    alternatives: [],
  });
});

test('resolves a payment method token to itself, whatever the default is', async () => {
  const { customer, paymentMethod, providerToken } = await aCustomerWithCard();
  const other = await aPaymentMethod(vault.owner, customer.id, { isDefault: true });

  const answer = await resolve(paymentMethod.token);

  expect(answer.expectData().resolvePaymentToken).toEqual({
    kind: 'PAYMENT_METHOD',
    customer: { id: customer.id },
    paymentMethod: { id: paymentMethod.id },
    providerToken,
    usable: true,
    unusableReason: null,
    alternatives: [{ id: other.id, usable: true }],
  });
});

test('takes a token in upper case', async () => {
  const { customer, paymentMethod } = await aCustomerWithCard();

  const answer = await resolve(customer.token.toUpperCase());

  expect(answer.expectData().resolvePaymentToken.paymentMethod.id).toBe(paymentMethod.id);
});

test('follows the default when another is set', async () => {
  const { customer } = await aCustomerWithCard();
  const other = await aPaymentMethod(vault.owner, customer.id);

  await changed(vault.owner, 'setDefaultPaymentMethod', { id: other.id });

  const answer = await resolve(customer.token);
  expect(answer.expectData().resolvePaymentToken).toMatchObject({ paymentMethod: { id: other.id } });
});

test('follows the default when a new one is linked', async () => {
  const { customer } = await aCustomerWithCard();

  const other = await aPaymentMethod(vault.owner, customer.id, { isDefault: true });

  const answer = await resolve(customer.token);
  expect(answer.expectData().resolvePaymentToken).toMatchObject({ paymentMethod: { id: other.id } });
});

test('puts nothing in the place of a default that was unlinked', async () => {
  const { customer, paymentMethod } = await aCustomerWithCard();
  const other = await aPaymentMethod(vault.owner, customer.id);

  await changed(vault.owner, 'unlinkPaymentMethod', { id: paymentMethod.id });

  const answer = await resolve(customer.token);
  expect(answer.expectData().resolvePaymentToken).toEqual({
    kind: 'CUSTOMER',
    customer: { id: customer.id },
    paymentMethod: null,
    providerToken: null,
    usable: false,
    unusableReason: 'NO_DEFAULT_PAYMENT_METHOD',
    alternatives: [{ id: other.id, usable: true }],
  });
});

test('says so when a customer has no payment method at all', async () => {
  const customer = await aCustomer(vault.owner);

  const answer = await resolve(customer.token);

  expect(answer.expectData().resolvePaymentToken).toEqual({
    kind: 'CUSTOMER',
    customer: { id: customer.id },
    paymentMethod: null,
    providerToken: null,
    usable: false,
    unusableReason: 'NO_DEFAULT_PAYMENT_METHOD',
    alternatives: [],
  });
});

test.each([
  ['expired card', expired, 'CARD_EXPIRED'],
  ['unverified bank account', unverified, 'ACH_NOT_VERIFIED'],
])('gives an %s with the reason, and nothing to charge', async (_, tokenize, unusableReason) => {
  const customer = await aCustomer(vault.owner);
  const method = await aPaymentMethod(vault.owner, customer.id, { tokenize });
  const other = await aPaymentMethod(vault.owner, customer.id);

  const answers = [await resolve(customer.token), await resolve(method.token)];

  expect(answers.map((answer) => answer.expectData().resolvePaymentToken)).toEqual(
    ['CUSTOMER', 'PAYMENT_METHOD'].map((kind) => ({
      kind,
      customer: { id: customer.id },
      paymentMethod: { id: method.id },
      providerToken: null,
      usable: false,
      unusableReason,
      alternatives: [{ id: other.id, usable: true }],
    })),
  );
});

test('offers at most ten other usable payment methods, newest first', async () => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { tokenize: expired });
  const usable: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const tokenize = count % 3 === 0 ? anAccount() : aCard();
    usable.push((await aPaymentMethod(vault.owner, customer.id, { tokenize })).id);
    if (count % 4 === 0) await aPaymentMethod(vault.owner, customer.id, { tokenize: unverified });
  }

  const answer = await resolve(customer.token);

  expect(answer.expectData().resolvePaymentToken.alternatives).toEqual(
    usable
      .toReversed()
      .slice(0, 10)
      .map((id) => ({ id, usable: true })),
  );
});

test("offers no other customer's payment methods", async () => {
  await aCustomerWithCard();
  const customer = await aCustomer(vault.owner);

  const answer = await resolve(customer.token);

  expect(answer.expectData().resolvePaymentToken.alternatives).toEqual([]);
});

test('resolves neither token of a customer that was deleted', async () => {
  const { customer, paymentMethod } = await aCustomerWithCard();
  const deleted = await vault.owner.execute(
    'mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }',
    { id: customer.id },
  );

  const answers = [await resolve(customer.token), await resolve(paymentMethod.token)];

  expect(deleted.expectData().deleteCustomer.deletedCustomerId).toBe(customer.id);
  expect(answers.map((answer) => answer.expectData())).toEqual(Array(2).fill({ resolvePaymentToken: null }));
});

test("answers for a stranger's tokens as for one that was never given", async () => {
  const customer = await aCustomer(vault.stranger);
  const method = await aPaymentMethod(vault.stranger, customer.id);
  const missing = await resolve(neverGiven);

  const answers = [await resolve(customer.token), await resolve(method.token)];

  expect(missing.expectData()).toEqual({ resolvePaymentToken: null });
  expect(answers.map(({ body }) => ({ ...body, extensions: null }))).toEqual(
    Array(2).fill({ ...missing.body, extensions: null }),
  );
  const theirs = await resolve(method.token, vault.stranger);
  expect(theirs.expectData().resolvePaymentToken.usable).toBe(true);
});

test('answers for malformed tokens, ids and unlinked sandbox tokens as for one that was never given', async () => {
  const { customer, paymentMethod, providerToken } = await aCustomerWithCard();
  const unlinked = await aProviderToken(vault.owner);
  const missing = await resolve(neverGiven);
  const tokens = [
    '',
    'x',
    '\u0000',
    "' or true --",
    `${customer.token} `,
    customer.token.replaceAll('-', ''),
    `{${customer.token}}`,
    customer.id,
    paymentMethod.id,
    providerToken,
    unlinked,
  ];

  const answers = await Promise.all(tokens.map((token) => resolve(token)));

  expect(answers.map(({ body }) => ({ ...body, extensions: null }))).toEqual(
    tokens.map(() => ({ ...missing.body, extensions: null })),
  );
});

test.each([
  ['usable', true],
  ['unusableReason', null],
  ['kind', 'CUSTOMER'],
  ['paymentMethod { label }', { label: 'My card' }],
  ['paymentMethod { usable card { lastFour } }', { usable: true, card: { lastFour: '4242' } }],
  [
    'customer { name paymentMethods { totalCount } }',
    { name: 'Ada Lovelace', paymentMethods: { totalCount: 2 } },
  ],
  ['alternatives { label customer { name } }', [{ label: 'Other', customer: { name: 'Ada Lovelace' } }]],
])('gives %s when nothing else is asked for', async (selection, expected) => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { label: 'My card' });
  await aPaymentMethod(vault.owner, customer.id, { label: 'Other' });

  const answer = await vault.owner.execute(
    `query ($token: ID!) { resolvePaymentToken(token: $token) { ${selection} } }`,
    { token: customer.token },
  );

  expect(Object.values(answer.expectData().resolvePaymentToken)).toEqual([expected]);
});

test('gives what the provider charges when nothing else is asked for', async () => {
  const { customer, providerToken } = await aCustomerWithCard();

  const answer = await vault.owner.execute(
    'query ($token: ID!) { resolvePaymentToken(token: $token) { providerToken } }',
    { token: customer.token },
  );

  expect(answer.expectData().resolvePaymentToken).toEqual({ providerToken });
});
