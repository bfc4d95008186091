import { change, changed } from '../support/changes.js';
import { aCustomer, aProviderToken } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const neverGiven = '0123456789abcdef01234567';
const neverMade = '00000000-0000-4000-8000-000000000000';
const alreadyLinked = { code: 'TOKEN_ALREADY_LINKED', field: ['input', 'token'] };
const notAccepted = { code: 'TOKEN_NOT_ACCEPTED', field: ['input', 'token'] };
const noCustomer = { code: 'NOT_FOUND', field: ['input', 'customerId'] };

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault(noQueue);
});

afterAll(() => vault.close());

async function aLink() {
  const customer = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', {
    customerId: customer.id,
    token,
  });
  return { customer, token, paymentMethod };
}

test('refuses a token that the same customer linked', async () => {
  const { customer, token } = await aLink();
  const before = await wholeCustomer(vault.owner, customer.id);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: customer.id, token });

  expect(answer.expectData().linkPaymentMethod).toEqual({
    paymentMethod: null,
    existing: false,
    customer: null,
    userErrors: [{ ...alreadyLinked, message: expect.any(String) }],
  });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test('refuses a token that another customer linked', async () => {
  const { token } = await aLink();
  const other = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, other.id);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: other.id, token });

  expect(answer.expectUserErrors()).toEqual([alreadyLinked]);
  expect(await wholeCustomer(vault.owner, other.id)).toEqual(before);
});

test('refuses a token whose payment method was unlinked', async () => {
  const { customer, token, paymentMethod } = await aLink();
  await changed(vault.owner, 'unlinkPaymentMethod', { id: paymentMethod.id });

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: customer.id, token });

  expect(answer.expectUserErrors()).toEqual([alreadyLinked]);
});

test('refuses a token whose customer was deleted', async () => {
  const { customer, token } = await aLink();
  const deleted = await vault.owner.execute(
    'mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }',
    { id: customer.id },
  );
  const other = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: other.id, token });

  expect(deleted.expectData().deleteCustomer.deletedCustomerId).toBe(customer.id);
  expect(answer.expectUserErrors()).toEqual([alreadyLinked]);
});

test.each(['RETURN_EXISTING', 'REFUSE'])(
  'refuses a spent token before it looks at %s',
  async (ifDuplicate) => {
    const { customer, token } = await aLink();

    const answer = await change(vault.owner, 'linkPaymentMethod', {
      customerId: customer.id,
      token,
      ifDuplicate,
    });

    expect(answer.expectUserErrors()).toEqual([alreadyLinked]);
  },
);

test('refuses the token that the payment method was given', async () => {
  const { customer, paymentMethod } = await aLink();

  const answer = await change(vault.owner, 'linkPaymentMethod', {
    customerId: customer.id,
    token: paymentMethod.token,
  });

  expect(answer.expectUserErrors()).toEqual([notAccepted]);
});

test('makes one link of twelve that race with one token', async () => {
  const token = await aProviderToken(vault.owner);
  const one = await aCustomer(vault.owner);
  const two = await aCustomer(vault.owner);

  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      change(vault.owner, 'linkPaymentMethod', { customerId: (index % 2 ? one : two).id, token }),
    ),
  );

  const problems = answers.flatMap((answer) => answer.expectData().linkPaymentMethod.userErrors);
  expect(problems).toEqual(Array(11).fill({ ...alreadyLinked, message: expect.any(String) }));
  const customers = [await wholeCustomer(vault.owner, one.id), await wholeCustomer(vault.owner, two.id)];
  expect(customers.map(({ paymentMethods }) => paymentMethods.totalCount).toSorted()).toEqual([0, 1]);
  expect(customers.map(({ version }) => version).toSorted()).toEqual([1, 2]);
});

test('makes one link of ten that race for one customer with one token', async () => {
  const token = await aProviderToken(vault.owner);
  const { id: customerId } = await aCustomer(vault.owner);

  const answers = await race(
    vault.databaseUrl,
    customerId,
    Array.from({ length: 10 }, () => () => change(vault.owner, 'linkPaymentMethod', { customerId, token })),
  );

  const problems = answers.flatMap((answer) => answer.expectData().linkPaymentMethod.userErrors);
  expect(problems).toEqual(Array(9).fill({ ...alreadyLinked, message: expect.any(String) }));
  expect(await wholeCustomer(vault.owner, customerId)).toMatchObject({
    version: 2,
    paymentMethods: { totalCount: 1 },
  });
});

test('does not resolve the token that was sent', async () => {
  const { token } = await aLink();

  const answer = await vault.owner.execute(
    'query ($token: ID!) { resolvePaymentToken(token: $token) { kind } paymentMethodByToken(token: $token) { id } }',
    { token },
  );

  expect(answer.expectData()).toEqual({ resolvePaymentToken: null, paymentMethodByToken: null });
});

test('resolves the token that the payment method was given', async () => {
  const { paymentMethod, token } = await aLink();

  const answer = await vault.owner.execute(
    `query ($token: ID!) {
      resolvePaymentToken(token: $token) { kind paymentMethod { id } providerToken }
      paymentMethodByToken(token: $token) { id }
    }`,
    { token: paymentMethod.token },
  );

  expect(answer.expectData()).toEqual({
    resolvePaymentToken: {
      kind: 'PAYMENT_METHOD',
      paymentMethod: { id: paymentMethod.id },
      providerToken: token,
    },
    paymentMethodByToken: { id: paymentMethod.id },
  });
});

test.each([neverMade, 'not-a-uuid', 'tok_123'])('does not accept the unknown token %s', async (token) => {
  const customer = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, customer.id);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: customer.id, token });

  expect(answer.expectUserErrors()).toEqual([notAccepted]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
});

test('reports an unknown customer and an unknown token at once', async () => {
  const answer = await change(vault.owner, 'linkPaymentMethod', {
    customerId: neverGiven,
    token: neverMade,
  });

  expect(answer.expectUserErrors()).toEqual([noCustomer, notAccepted]);
});

test('leaves the token unspent when the customer is unknown', async () => {
  const token = await aProviderToken(vault.owner);
  const customer = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: neverGiven, token });

  expect(answer.expectUserErrors()).toEqual([noCustomer]);
  await changed(vault.owner, 'linkPaymentMethod', { customerId: customer.id, token });
});

test("does not accept another merchant's token, as if it had never been made", async () => {
  const token = await aProviderToken(vault.stranger);
  const mine = await aCustomer(vault.owner);
  const theirs = await aCustomer(vault.stranger);
  const missing = await change(vault.owner, 'linkPaymentMethod', { customerId: mine.id, token: neverMade });

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: mine.id, token });

  expect(answer.expectUserErrors()).toEqual([notAccepted]);
  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
  await changed(vault.stranger, 'linkPaymentMethod', { customerId: theirs.id, token });
});

test("answers for a stranger's customer as for one that never was, and leaves the token unspent", async () => {
  const theirs = await aCustomer(vault.stranger);
  const before = await wholeCustomer(vault.stranger, theirs.id);
  const mine = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const missing = await change(vault.owner, 'linkPaymentMethod', { customerId: neverGiven, token });

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId: theirs.id, token });

  expect(answer.expectUserErrors()).toEqual([noCustomer]);
  expect({ ...answer.body, extensions: null }).toEqual({ ...missing.body, extensions: null });
  expect(await wholeCustomer(vault.stranger, theirs.id)).toEqual(before);
  await changed(vault.owner, 'linkPaymentMethod', { customerId: mine.id, token });
});

test('refuses another version than the customer is at and leaves the token unspent', async () => {
  const customer = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const before = await wholeCustomer(vault.owner, customer.id);
  const input = { customerId: customer.id, token };

  const answer = await change(vault.owner, 'linkPaymentMethod', { ...input, expectedVersion: 2 });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
  await changed(vault.owner, 'linkPaymentMethod', { ...input, expectedVersion: 1 });
});
