import { change, changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const expired = aCard({ expiry: { month: 11, year: 2029 } });
const unverified = anAccount({ verified: false });

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock(), ...noQueue });
});

afterAll(() => vault.close());

/** A customer with these payment methods, linked in this order: the first is the default. */
async function aCustomerWith(...tokenized: object[]) {
  const { id } = await aCustomer(vault.owner);
  const methods = [];
  for (const tokenize of tokenized) methods.push(await aPaymentMethod(vault.owner, id, { tokenize }));
  return { before: await wholeCustomer(vault.owner, id), methods };
}

test('takes the payment method off its customer and leaves the others', async () => {
  const { before } = await aCustomerWith(aCard(), aCard(), aCard());
  const [first, third, second] = before.paymentMethods.nodes;

  const payload = await changed(vault.owner, 'unlinkPaymentMethod', { id: second.id });

  expect(payload).toEqual({
    unlinkedPaymentMethodId: second.id,
    customer: {
      ...before,
      version: 5,
      updatedAt: expect.any(String),
      paymentMethods: { totalCount: 2, nodes: [first, third] },
    },
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(payload.customer);
});

test.each([{}, { ifDefault: 'LEAVE_EMPTY' }])(
  'leaves the customer without a default when the default is unlinked with %j',
  async (succession) => {
    const { before, methods } = await aCustomerWith(aCard(), aCard());
    const [, second] = before.paymentMethods.nodes;

    const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', {
      id: methods[0]?.id,
      ...succession,
    });

    expect(customer).toMatchObject({
      defaultPaymentMethod: null,
      paymentMethods: { totalCount: 1, nodes: [second] },
    });
    expect(await wholeCustomer(vault.owner, before.id)).toEqual(customer);
  },
);

test('makes the most recently linked usable payment method the default with PROMOTE_NEWEST', async () => {
  const { before, methods } = await aCustomerWith(aCard(), aCard(), anAccount(), expired, unverified);

  const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', {
    id: methods[0]?.id,
    ifDefault: 'PROMOTE_NEWEST',
  });

  expect(customer.version).toBe(before.version + 1);
  expect(customer.defaultPaymentMethod).toMatchObject({ id: methods[2]?.id, isDefault: true });
  expect(customer.paymentMethods.nodes).toMatchObject([
    { id: methods[2]?.id, isDefault: true },
    { id: methods[4]?.id, isDefault: false },
    { id: methods[3]?.id, isDefault: false },
    { id: methods[1]?.id, isDefault: false },
  ]);
});

test('leaves the customer without a default with PROMOTE_NEWEST when no other is usable', async () => {
  const { methods } = await aCustomerWith(aCard(), expired, unverified);

  const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', {
    id: methods[0]?.id,
    ifDefault: 'PROMOTE_NEWEST',
  });

  expect(customer).toMatchObject({ defaultPaymentMethod: null, paymentMethods: { totalCount: 2 } });
});

test('promotes no payment method of another customer', async () => {
  const other = await aCustomerWith(aCard());
  const { methods } = await aCustomerWith(aCard());

  const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', {
    id: methods[0]?.id,
    ifDefault: 'PROMOTE_NEWEST',
  });

  expect(customer).toMatchObject({ defaultPaymentMethod: null, paymentMethods: { totalCount: 0 } });
  expect(await wholeCustomer(vault.owner, other.before.id)).toEqual(other.before);
});

test.each(['LEAVE_EMPTY', 'PROMOTE_NEWEST', 'REQUIRE_REPLACEMENT'])(
  'leaves the default where it is when another is unlinked with %s',
  async (ifDefault) => {
    const { before, methods } = await aCustomerWith(aCard(), aCard(), aCard());

    const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', { id: methods[1]?.id, ifDefault });

    expect(customer.defaultPaymentMethod).toEqual(before.defaultPaymentMethod);
    expect(customer.paymentMethods.totalCount).toBe(2);
  },
);

test.each(['LEAVE_EMPTY', 'PROMOTE_NEWEST', 'REQUIRE_REPLACEMENT'])(
  'gives a customer without a default none when a payment method is unlinked with %s',
  async (ifDefault) => {
    const { id } = await aCustomer(vault.owner);
    const method = await aPaymentMethod(vault.owner, id, { isDefault: false });
    await aPaymentMethod(vault.owner, id);

    const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', { id: method.id, ifDefault });

    expect(customer).toMatchObject({ defaultPaymentMethod: null, paymentMethods: { totalCount: 1 } });
  },
);

test.each([
  ['a usable one', aCard()],
  ['only an expired card', expired],
])('refuses with REQUIRE_REPLACEMENT to unlink the default while %s is linked', async (_, other) => {
  const { before, methods } = await aCustomerWith(aCard(), other);

  const answer = await change(vault.owner, 'unlinkPaymentMethod', {
    id: methods[0]?.id,
    ifDefault: 'REQUIRE_REPLACEMENT',
  });

  expect(answer.expectData().unlinkPaymentMethod).toEqual({
    unlinkedPaymentMethodId: null,
    customer: null,
    userErrors: [
      { code: 'REPLACEMENT_REQUIRED', field: ['input', 'ifDefault'], message: expect.any(String) },
    ],
  });
  expect(await wholeCustomer(vault.owner, before.id)).toEqual(before);
});

test.each(['LEAVE_EMPTY', 'PROMOTE_NEWEST', 'REQUIRE_REPLACEMENT'])(
  'unlinks the only payment method with %s',
  async (ifDefault) => {
    const { methods } = await aCustomerWith(aCard());

    const { customer } = await changed(vault.owner, 'unlinkPaymentMethod', { id: methods[0]?.id, ifDefault });

    expect(customer).toMatchObject({
      version: 3,
      defaultPaymentMethod: null,
      paymentMethods: { totalCount: 0, nodes: [] },
    });
  },
);

test('makes the next payment method the default when the only one was unlinked', async () => {
  const { before, methods } = await aCustomerWith(aCard());
  await changed(vault.owner, 'unlinkPaymentMethod', { id: methods[0]?.id });

  const next = await aPaymentMethod(vault.owner, before.id);

  expect(next.isDefault).toBe(true);
});

test('answers for the id and the token of an unlinked payment method as if they had never been', async () => {
  const { methods } = await aCustomerWith(aCard(), aCard());
  const [unlinked] = methods;
  await changed(vault.owner, 'unlinkPaymentMethod', { id: unlinked?.id });
  const look = async (id: string | undefined, token: string | undefined) => {
    const { body } = await vault.owner.execute(
      `query ($id: ID!, $token: ID!) {
        node(id: $id) { id }
        paymentMethod(id: $id) { id }
        paymentMethodByToken(token: $token) { id }
        resolvePaymentToken(token: $token) { kind }
      }`,
      { id, token },
    );
    return { ...body, extensions: null };
  };

  const answer = await look(unlinked?.id, unlinked?.token);

  expect(answer).toEqual({
    data: { node: null, paymentMethod: null, paymentMethodByToken: null, resolvePaymentToken: null },
    extensions: null,
  });
  expect(answer).toEqual(await look('0123456789abcdef01234567', '00000000-0000-4000-8000-000000000000'));
});

test('unlinks once when many unlink at once', async () => {
  const { before, methods } = await aCustomerWith(aCard(), aCard());

  const answers = await race(
    vault.databaseUrl,
    before.id,
    Array.from({ length: 8 }, () => () => change(vault.owner, 'unlinkPaymentMethod', { id: methods[0]?.id })),
  );

  const problems = answers.flatMap((answer) => answer.expectData().unlinkPaymentMethod.userErrors);
  expect(problems.map(({ code }) => code)).toEqual(Array(7).fill('NOT_FOUND'));
  expect(await wholeCustomer(vault.owner, before.id)).toMatchObject({
    version: 4,
    paymentMethods: { totalCount: 1 },
  });
});

test('promotes one after the other while all are unlinked at once', async () => {
  const { before, methods } = await aCustomerWith(aCard(), aCard(), aCard(), aCard(), aCard(), aCard());

  await race(
    vault.databaseUrl,
    before.id,
    methods.slice(0, 5).map(
      ({ id }) =>
        () =>
          changed(vault.owner, 'unlinkPaymentMethod', { id, ifDefault: 'PROMOTE_NEWEST' }),
    ),
  );

  const after = await wholeCustomer(vault.owner, before.id);
  expect(after.version).toBe(before.version + 5);
  expect(after.defaultPaymentMethod).toMatchObject({ id: methods[5]?.id, isDefault: true });
});

test('never leaves the customer with an unlinked default when both race', async () => {
  const { before, methods } = await aCustomerWith(aCard(), aCard(), aCard());
  const [first, second] = methods;

  const [, , setting] = await race(vault.databaseUrl, before.id, [
    () => change(vault.owner, 'unlinkPaymentMethod', { id: first?.id }),
    () => change(vault.owner, 'unlinkPaymentMethod', { id: second?.id }),
    () => change(vault.owner, 'setDefaultPaymentMethod', { id: second?.id }),
  ]);

  const [problem] = setting?.expectData().setDefaultPaymentMethod.userErrors ?? [];
  expect([undefined, 'NOT_FOUND']).toContain(problem?.code);
  const after = await wholeCustomer(vault.owner, before.id);
  expect(after).toMatchObject({
    version: before.version + (problem ? 2 : 3),
    defaultPaymentMethod: null,
    paymentMethods: { totalCount: 1, nodes: [{ id: methods[2]?.id }] },
  });
});

test('keeps a default that REQUIRE_REPLACEMENT may not unlink when the link of another comes first', async () => {
  const { before, methods } = await aCustomerWith(aCard());
  const token = await aProviderToken(vault.owner);

  const [linking, unlinking] = await race(vault.databaseUrl, before.id, [
    () => change(vault.owner, 'linkPaymentMethod', { customerId: before.id, token }),
    () =>
      change(vault.owner, 'unlinkPaymentMethod', { id: methods[0]?.id, ifDefault: 'REQUIRE_REPLACEMENT' }),
  ]);

  const linked = linking?.expectData().linkPaymentMethod.paymentMethod;
  const [problem] = unlinking?.expectData().unlinkPaymentMethod.userErrors ?? [];
  expect([undefined, 'REPLACEMENT_REQUIRED']).toContain(problem?.code);
  const after = await wholeCustomer(vault.owner, before.id);
  // Linked before the other was gone it stays at the side; linked afterwards it is the first and so the default.
  expect(after.defaultPaymentMethod.id).toBe(problem ? methods[0]?.id : linked.id);
  expect(after.paymentMethods.totalCount).toBe(problem ? 2 : 1);
});
