import { change, changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const billingDetails = {
  name: 'John Doe',
  email: 'john.doe@example.com',
  phone: '5551234567',
  address: {
    line1: '7272 E Indian School Rd',
    line2: 'Suite 400',
    city: 'Scottsdale',
    state: 'AZ',
    postalCode: '85251',
    country: 'USA',
  },
};

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock(), ...noQueue });
});

afterAll(() => vault.close());

/** A customer whose second payment method has a label and billing details. */
async function aCustomerWithBilling() {
  const { id } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  await aPaymentMethod(vault.owner, id);
  await aPaymentMethod(vault.owner, id, { label: 'My card', tokenize: { ...aCard(), billingDetails } });
  const before = await wholeCustomer(vault.owner, id);
  return { before, other: before.paymentMethods.nodes[0], method: before.paymentMethods.nodes[1] };
}

test('changes the label and leaves everything else', async () => {
  const { before, other, method } = await aCustomerWithBilling();

  const payload = await changed(vault.owner, 'updatePaymentMethod', { id: method.id, label: ' Business ' });

  expect(payload.paymentMethod).toEqual({
    ...method,
    label: 'Business',
    updatedAt: payload.customer.updatedAt,
  });
  expect(payload.customer).toEqual({
    ...before,
    version: 4,
    updatedAt: expect.any(String),
    paymentMethods: { totalCount: 2, nodes: [other, payload.paymentMethod] },
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(payload.customer);
});

test.each([null, '', '  '])('clears the label with %j', async (label) => {
  const { method } = await aCustomerWithBilling();

  const { paymentMethod } = await changed(vault.owner, 'updatePaymentMethod', { id: method.id, label });

  expect(paymentMethod).toEqual({ ...method, label: null, updatedAt: expect.any(String) });
});

test('replaces the billing details as a whole', async () => {
  const { method } = await aCustomerWithBilling();

  const { paymentMethod } = await changed(vault.owner, 'updatePaymentMethod', {
    id: method.id,
    billingDetails: { name: ' Grace Hopper ', address: { city: 'Berlin', country: 'de' } },
  });

  expect(paymentMethod).toEqual({
    ...method,
    billingDetails: {
      name: 'Grace Hopper',
      email: null,
      phone: null,
      address: { line1: null, line2: null, city: 'Berlin', state: null, postalCode: null, country: 'DEU' },
    },
    updatedAt: expect.any(String),
  });
});

test('clears the billing details with null', async () => {
  const { method } = await aCustomerWithBilling();

  const { paymentMethod } = await changed(vault.owner, 'updatePaymentMethod', {
    id: method.id,
    billingDetails: null,
  });

  expect(paymentMethod).toEqual({ ...method, billingDetails: null, updatedAt: expect.any(String) });
});

test('takes the new expiry of a card that was renewed', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const expired = aCard({ expiry: { month: 1, year: 2020 } });
  await aPaymentMethod(vault.owner, customerId, { tokenize: expired, label: 'Mine' });
  const before = await wholeCustomer(vault.owner, customerId);
  const [method] = before.paymentMethods.nodes;
  expect(method).toMatchObject({ usable: false, card: { expiry: { month: 1, year: 2020 } } });

  const expiry = { month: 12, year: 2099 };
  const { paymentMethod, customer } = await changed(vault.owner, 'updatePaymentMethod', {
    id: method.id,
    expiry,
  });

  expect(paymentMethod).toEqual({
    ...method,
    card: { ...method.card, expiry },
    usable: true,
    unusableReason: null,
    updatedAt: customer.updatedAt,
  });
  expect(customer.version).toBe(before.version + 1);
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(customer);
  expect(await changed(vault.owner, 'updatePaymentMethod', { id: method.id, expiry })).toEqual({
    paymentMethod,
    customer,
  });
});

test.each([
  [{ month: 13, year: 2030 }, 'INVALID', ['month']],
  [{ month: 0, year: 2030 }, 'INVALID', ['month']],
  [{ month: 1, year: 30 }, 'INVALID', ['year']],
  [null, 'REQUIRED', []],
])('refuses the expiry %j', async (expiry, code, below) => {
  const { before, method } = await aCustomerWithBilling();

  const answer = await change(vault.owner, 'updatePaymentMethod', { id: method.id, label: 'New', expiry });

  expect(answer.expectUserErrors()).toEqual([{ code, field: ['input', 'expiry', ...below] }]);
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('refuses an expiry of a bank account', async () => {
  const { id } = await aCustomer(vault.owner);
  const account = await aPaymentMethod(vault.owner, id, { tokenize: anAccount() });

  const answer = await change(vault.owner, 'updatePaymentMethod', {
    id: account.id,
    expiry: { month: 1, year: 2030 },
  });

  expect(answer.expectData().updatePaymentMethod.userErrors).toEqual([
    { code: 'INVALID', field: ['input', 'expiry'], message: 'Only a card has an expiry.' },
  ]);
});

test.each([
  ['nothing is given', {}],
  ['the same values are given', { label: 'My card', billingDetails }],
  ['the same values are given in another form', { label: ' My card ' }],
])('changes nothing, not even the version, when %s', async (_, input) => {
  const { before, method } = await aCustomerWithBilling();

  const payload = await changed(vault.owner, 'updatePaymentMethod', { id: method.id, ...input });

  expect(payload).toEqual({ paymentMethod: method, customer: before });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('reports every problem at once, each with its path, and changes nothing', async () => {
  const { before, method } = await aCustomerWithBilling();

  const answer = await change(vault.owner, 'updatePaymentMethod', {
    id: method.id,
    label: 'x'.repeat(51),
    billingDetails: {
      name: '4242 4242 4242 4242',
      email: 'not an e-mail',
      phone: 'call me',
      address: { line1: 'x'.repeat(101), state: 'x'.repeat(11), country: 'USA', postalCode: 'K1A 0B1' },
    },
  });

  const problems = answer.expectUserErrors();
  expect(Object.fromEntries(problems.map(({ code, field }) => [field?.join('.'), code]))).toEqual({
    'input.label': 'TOO_LONG',
    'input.billingDetails.name': 'CARD_NUMBER_REFUSED',
    'input.billingDetails.email': 'INVALID',
    'input.billingDetails.phone': 'INVALID',
    'input.billingDetails.address.line1': 'TOO_LONG',
    'input.billingDetails.address.state': 'TOO_LONG',
    'input.billingDetails.address.postalCode': 'INVALID',
  });
  expect(problems).toHaveLength(7);
  expect(answer.expectData().updatePaymentMethod).toMatchObject({ paymentMethod: null, customer: null });
  expect(JSON.stringify(answer.body)).not.toMatch(/4242|not an e-mail|call me|K1A/);
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test('leaves the token, and what the provider charges, as they are', async () => {
  const { method } = await aCustomerWithBilling();
  const resolve = async () => {
    const answer = await vault.owner.execute(
      'query ($token: ID!) { resolvePaymentToken(token: $token) { providerToken paymentMethod { id } } }',
      { token: method.token },
    );
    return answer.expectData().resolvePaymentToken;
  };
  const before = await resolve();

  await changed(vault.owner, 'updatePaymentMethod', { id: method.id, label: 'Other', billingDetails: null });

  expect(before).toEqual({ providerToken: expect.any(String), paymentMethod: { id: method.id } });
  expect(await resolve()).toEqual(before);
});

test('gives the same customer wherever the answer leads back to it', async () => {
  const { method, other } = await aCustomerWithBilling();

  const answer = await vault.owner.execute(
    `mutation ($input: UpdatePaymentMethodInput!) {
      updatePaymentMethod(input: $input) {
        paymentMethod { customer { name ...whole } }
        customer { ...whole paymentMethods { nodes { customer { ...whole } } } }
      }
    }
    fragment whole on Customer { version paymentMethods { nodes { id label } } }`,
    { input: { id: method.id, label: 'Business' } },
  );

  const nodes = [
    { id: other.id, label: null },
    { id: method.id, label: 'Business' },
  ];
  const after = { version: 4, paymentMethods: { nodes } };
  expect(answer.expectData().updatePaymentMethod).toEqual({
    paymentMethod: { customer: { name: 'Ada Lovelace', ...after } },
    customer: { ...after, paymentMethods: { nodes: nodes.map((node) => ({ ...node, customer: after })) } },
  });
});

test('loses neither of two racing changes of one payment method', async () => {
  const { before, method } = await aCustomerWithBilling();

  await race(vault.databaseUrl, before.id, [
    () => changed(vault.owner, 'updatePaymentMethod', { id: method.id, label: 'Business' }),
    () => changed(vault.owner, 'updatePaymentMethod', { id: method.id, billingDetails: null }),
  ]);

  const after = await wholeCustomer(vault.owner, before.id);
  expect(after.version).toBe(5);
  expect(after.paymentMethods.nodes[1]).toMatchObject({ label: 'Business', billingDetails: null });
});
