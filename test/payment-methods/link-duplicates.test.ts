import { change, changed } from '../support/changes.js';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault(noQueue);
});

afterAll(() => vault.close());

async function aCustomerWithCard() {
  const customer = await aCustomer(vault.owner);
  const paymentMethod = await aPaymentMethod(vault.owner, customer.id, { label: 'The first' });
  return { customerId: customer.id, paymentMethod, before: await wholeCustomer(vault.owner, customer.id) };
}

test.each([{}, { ifDuplicate: 'ALLOW' }])('links the same card once more with %j', async (policy) => {
  const { customerId, paymentMethod, before } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, ...policy });

  expect(payload.existing).toBe(false);
  expect(payload.paymentMethod.id).not.toBe(paymentMethod.id);
  expect(payload.paymentMethod.fingerprint).toBe(before.defaultPaymentMethod.fingerprint);
  expect(payload.customer).toMatchObject({ version: 3, paymentMethods: { totalCount: 2 } });
});

test('returns the existing payment method and changes nothing when asked to', async () => {
  const { customerId, before } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', {
    customerId,
    token,
    label: 'Another label',
    isDefault: false,
    ifDuplicate: 'RETURN_EXISTING',
  });

  expect(payload).toEqual({
    paymentMethod: before.defaultPaymentMethod,
    existing: true,
    customer: before,
  });
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
});

test('leaves the token unused when it returns the existing payment method', async () => {
  const { customerId } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);
  const other = await aCustomer(vault.owner);
  await changed(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate: 'RETURN_EXISTING' });

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId: other.id, token });

  expect(payload).toMatchObject({ existing: false, customer: { id: other.id, version: 2 } });
});

test('returns the most recently linked one of several', async () => {
  const { customerId } = await aCustomerWithCard();
  const newest = await aPaymentMethod(vault.owner, customerId);
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', {
    customerId,
    token,
    ifDuplicate: 'RETURN_EXISTING',
  });

  expect(payload).toMatchObject({ existing: true, paymentMethod: { id: newest.id } });
});

test('gives the customer below an existing payment method, too', async () => {
  const { customerId } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);

  const answer = await vault.owner.execute(
    `mutation ($input: LinkPaymentMethodInput!) {
      linkPaymentMethod(input: $input) { existing paymentMethod { customer { name version } } }
    }`,
    { input: { customerId, token, ifDuplicate: 'RETURN_EXISTING' } },
  );

  expect(answer.expectData().linkPaymentMethod).toEqual({
    existing: true,
    paymentMethod: { customer: { name: 'Ada Lovelace', version: 2 } },
  });
});

test('refuses the same card when asked to and leaves the token unused', async () => {
  const { customerId, before } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);
  const other = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate: 'REFUSE' });

  expect(answer.expectData().linkPaymentMethod).toEqual({
    paymentMethod: null,
    existing: false,
    customer: null,
    userErrors: [
      { code: 'DUPLICATE_PAYMENT_METHOD', field: ['input', 'token'], message: expect.any(String) },
    ],
  });
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
  await changed(vault.owner, 'linkPaymentMethod', { customerId: other.id, token });
});

test.each(['RETURN_EXISTING', 'REFUSE'])(
  'links with %s a card that only another customer has',
  async (ifDuplicate) => {
    await aCustomerWithCard();
    const { id: customerId } = await aCustomer(vault.owner);
    const token = await aProviderToken(vault.owner);

    const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate });

    expect(payload).toMatchObject({ existing: false, customer: { version: 2 } });
  },
);

test.each(['RETURN_EXISTING', 'REFUSE'])('links with %s another card', async (ifDuplicate) => {
  const { customerId } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner, aCard({ lastFour: '1111' }));

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate });

  expect(payload).toMatchObject({ existing: false, customer: { version: 3 } });
});

test.each(['RETURN_EXISTING', 'REFUSE'])('links with %s a card that was unlinked', async (ifDuplicate) => {
  const { customerId, paymentMethod } = await aCustomerWithCard();
  await changed(vault.owner, 'unlinkPaymentMethod', { id: paymentMethod.id });
  const token = await aProviderToken(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate });

  expect(payload).toMatchObject({ existing: false, customer: { paymentMethods: { totalCount: 1 } } });
});

test('refuses another version before it returns the existing payment method', async () => {
  const { customerId, before } = await aCustomerWithCard();
  const token = await aProviderToken(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', {
    customerId,
    token,
    ifDuplicate: 'RETURN_EXISTING',
    expectedVersion: 1,
  });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
});

test.each([2, 10])('makes one payment method of %i racing links of the same card', async (racers) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const other = await aCustomer(vault.owner);
  const tokens = await Promise.all(Array.from({ length: racers }, () => aProviderToken(vault.owner)));

  const payloads = await race(
    vault.databaseUrl,
    customerId,
    tokens.map(
      (token) => () =>
        changed(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate: 'RETURN_EXISTING' }),
    ),
  );

  const after = await wholeCustomer(vault.owner, customerId);
  expect(after).toMatchObject({ version: 2, paymentMethods: { totalCount: 1 } });
  expect(payloads.map(({ paymentMethod }) => paymentMethod)).toEqual(
    Array(racers).fill(after.defaultPaymentMethod),
  );
  expect(payloads.filter(({ existing }) => !existing)).toHaveLength(1);
  const unused = tokens.filter((_, index) => payloads[index].existing);
  for (const token of unused)
    await changed(vault.owner, 'linkPaymentMethod', { customerId: other.id, token });
  expect((await wholeCustomer(vault.owner, other.id)).paymentMethods.totalCount).toBe(racers - 1);
});

test('lets one of racing links of the same card through when the others are to be refused', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const tokens = await Promise.all(Array.from({ length: 8 }, () => aProviderToken(vault.owner)));

  const answers = await race(
    vault.databaseUrl,
    customerId,
    tokens.map(
      (token) => () => change(vault.owner, 'linkPaymentMethod', { customerId, token, ifDuplicate: 'REFUSE' }),
    ),
  );

  const problems = answers.flatMap((answer) => answer.expectData().linkPaymentMethod.userErrors);
  expect(problems.map(({ code }) => code)).toEqual(Array(7).fill('DUPLICATE_PAYMENT_METHOD'));
  expect(await wholeCustomer(vault.owner, customerId)).toMatchObject({
    version: 2,
    paymentMethods: { totalCount: 1 },
  });
});

test('links every one of ten racing links of the same card when duplicates are allowed', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const tokens = await Promise.all(Array.from({ length: 10 }, () => aProviderToken(vault.owner)));

  await race(
    vault.databaseUrl,
    customerId,
    tokens.map((token) => () => changed(vault.owner, 'linkPaymentMethod', { customerId, token })),
  );

  const after = await wholeCustomer(vault.owner, customerId);
  expect(after).toMatchObject({ version: 11, paymentMethods: { totalCount: 10 } });
  expect(after.paymentMethods.nodes.filter(({ isDefault }: { isDefault: boolean }) => isDefault)).toEqual([
    after.defaultPaymentMethod,
  ]);
});
