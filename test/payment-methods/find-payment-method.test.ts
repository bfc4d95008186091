import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { PAYMENT_METHOD, wholeCustomer } from '../support/whole-customer.js';

const neverGiven = { id: '0123456789abcdef01234567', token: '00000000-0000-4000-8000-000000000000' };

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

function find({ id, token }: { id: string; token: string }) {
  return vault.owner.execute(
    `query ($id: ID!, $token: ID!) {
      node(id: $id) { ... on PaymentMethod { ${PAYMENT_METHOD} } }
      paymentMethod(id: $id) { ${PAYMENT_METHOD} }
      paymentMethodByToken(token: $token) { ${PAYMENT_METHOD} }
    }`,
    { id, token },
  );
}

test('gives a payment method alike by its id, by its token and in the list of its customer', async () => {
  const customer = await aCustomer(vault.owner);
  const { id, token } = await aPaymentMethod(vault.owner, customer.id, { label: 'My card' });

  const answer = await find({ id, token });

  const { defaultPaymentMethod } = await wholeCustomer(vault.owner, customer.id);
  expect(defaultPaymentMethod).toMatchObject({ id, token, label: 'My card' });
  expect(answer.expectData()).toEqual({
    node: defaultPaymentMethod,
    paymentMethod: defaultPaymentMethod,
    paymentMethodByToken: defaultPaymentMethod,
  });
});

test('takes ids and tokens in upper case', async () => {
  const customer = await aCustomer(vault.owner);
  const { id, token } = await aPaymentMethod(vault.owner, customer.id);

  const answer = await find({ id: id.toUpperCase(), token: token.toUpperCase() });

  expect(answer.expectData()).toMatchObject({ paymentMethod: { id }, paymentMethodByToken: { id } });
});

test.each([
  ['label', { label: 'My card' }],
  ['usable', { usable: true }],
  ['unusableReason', { unusableReason: null }],
  ['card { brand }', { card: { brand: 'VISA' } }],
  ['ach { lastFour }', { ach: null }],
  ['customer { name }', { customer: { name: 'Ada Lovelace' } }],
])('gives %s when nothing else is asked for', async (selection, expected) => {
  const customer = await aCustomer(vault.owner);
  const { id, token } = await aPaymentMethod(vault.owner, customer.id, { label: 'My card' });

  const answer = await vault.owner.execute(
    `query ($id: ID!, $token: ID!) {
      paymentMethod(id: $id) { ${selection} }
      paymentMethodByToken(token: $token) { ${selection} }
    }`,
    { id, token },
  );

  expect(answer.expectData()).toEqual({ paymentMethod: expected, paymentMethodByToken: expected });
});

test("answers for a stranger's payment method as for one that never was", async () => {
  const customer = await aCustomer(vault.stranger);
  const theirs = await aPaymentMethod(vault.stranger, customer.id);
  const missing = await find(neverGiven);

  const answer = await find(theirs);

  expect(answer.expectData()).toEqual({ node: null, paymentMethod: null, paymentMethodByToken: null });
  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
});

test.each(['', 'x', "' or 1=1 --", '\u0000', 'zzzzzzzz-0000-4000-8000-000000000000'])(
  'answers for the malformed %j as for what never was',
  async (text) => {
    const missing = await find(neverGiven);

    const answer = await find({ id: text, token: text });

    expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
  },
);

test('finds no payment method by the id or the token of a customer', async () => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id);

  const answer = await vault.owner.execute(
    'query ($id: ID!, $token: ID!) { paymentMethod(id: $id) { id } paymentMethodByToken(token: $token) { id } }',
    { id: customer.id, token: customer.token },
  );

  expect(answer.expectData()).toEqual({ paymentMethod: null, paymentMethodByToken: null });
});
