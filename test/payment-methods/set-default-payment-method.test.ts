import { changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { noQueue, race } from '../support/races.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock(), ...noQueue });
});

afterAll(() => vault.close());

test('moves the default and lists it first', async () => {
  const { id } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  for (const lastFour of ['0001', '0002', '0003'])
    await aPaymentMethod(vault.owner, id, { tokenize: aCard({ lastFour }) });
  const before = await wholeCustomer(vault.owner, id);
  const [first, third, second] = before.paymentMethods.nodes;

  const payload = await changed(vault.owner, 'setDefaultPaymentMethod', { id: second.id });

  expect(payload.paymentMethod).toEqual({ ...second, isDefault: true });
  expect(payload.customer).toEqual({
    ...before,
    version: 5,
    updatedAt: expect.any(String),
    paymentMethods: {
      totalCount: 3,
      nodes: [payload.paymentMethod, third, { ...first, isDefault: false }],
    },
    defaultPaymentMethod: payload.paymentMethod,
  });
  expect(payload.customer.updatedAt > before.updatedAt).toBe(true);
  expect(await wholeCustomer(vault.owner, id)).toEqual(payload.customer);
});

test('gives a default to a customer who has none', async () => {
  const { id } = await aCustomer(vault.owner);
  const paymentMethod = await aPaymentMethod(vault.owner, id, { isDefault: false });

  const { customer } = await changed(vault.owner, 'setDefaultPaymentMethod', { id: paymentMethod.id });

  expect(customer.defaultPaymentMethod).toMatchObject({ id: paymentMethod.id, isDefault: true });
});

test.each([
  ['an expired card', aCard({ expiry: { month: 11, year: 2029 } }), 'CARD_EXPIRED'],
  ['an unverified bank account', anAccount({ verified: false }), 'ACH_NOT_VERIFIED'],
])('makes %s the default when told to', async (_, tokenize, unusableReason) => {
  const { id } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, id);
  const unusable = await aPaymentMethod(vault.owner, id, { tokenize });

  const { customer } = await changed(vault.owner, 'setDefaultPaymentMethod', { id: unusable.id });

  expect(customer.defaultPaymentMethod).toMatchObject({ id: unusable.id, usable: false, unusableReason });
});

test('changes nothing, not even the version, when it is the default already', async () => {
  const { id } = await aCustomer(vault.owner);
  const paymentMethod = await aPaymentMethod(vault.owner, id);
  await aPaymentMethod(vault.owner, id);
  const before = await wholeCustomer(vault.owner, id);

  const payload = await changed(vault.owner, 'setDefaultPaymentMethod', { id: paymentMethod.id });

  expect(payload).toEqual({ paymentMethod: before.defaultPaymentMethod, customer: before });
  expect(await wholeCustomer(vault.owner, id)).toEqual(before);
});

test('leaves the defaults of other customers where they are', async () => {
  const { id } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, id);
  const paymentMethod = await aPaymentMethod(vault.owner, id);
  const other = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, other.id);
  const before = await wholeCustomer(vault.owner, other.id);

  await changed(vault.owner, 'setDefaultPaymentMethod', { id: paymentMethod.id });

  expect(await wholeCustomer(vault.owner, other.id)).toEqual(before);
});

const nested = `mutation ($id: ID!) {
  setDefaultPaymentMethod(input: { id: $id }) {
    paymentMethod { customer { name version defaultPaymentMethod { id } paymentMethods { nodes { id } } } }
  }
}`;

test('gives the customer below the payment method as it is afterwards', async () => {
  const { id } = await aCustomer(vault.owner);
  const former = await aPaymentMethod(vault.owner, id);
  const next = await aPaymentMethod(vault.owner, id);

  const answer = await vault.owner.execute(nested, { id: next.id });

  expect(answer.expectData().setDefaultPaymentMethod.paymentMethod.customer).toEqual({
    name: 'Ada Lovelace',
    version: 4,
    defaultPaymentMethod: { id: next.id },
    paymentMethods: { nodes: [{ id: next.id }, { id: former.id }] },
  });
});

test('gives the customer below the payment method when nothing changes', async () => {
  const { id } = await aCustomer(vault.owner);
  const paymentMethod = await aPaymentMethod(vault.owner, id);

  const answer = await vault.owner.execute(nested, { id: paymentMethod.id });

  expect(answer.expectData().setDefaultPaymentMethod.paymentMethod.customer).toEqual({
    name: 'Ada Lovelace',
    version: 2,
    defaultPaymentMethod: { id: paymentMethod.id },
    paymentMethods: { nodes: [{ id: paymentMethod.id }] },
  });
});

test('makes one real change of ten that race to make the same payment method the default', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customerId);
  const { id } = await aPaymentMethod(vault.owner, customerId);

  const payloads = await race(
    vault.databaseUrl,
    customerId,
    Array.from({ length: 10 }, () => () => changed(vault.owner, 'setDefaultPaymentMethod', { id })),
  );

  const after = await wholeCustomer(vault.owner, customerId);
  expect(after.version).toBe(4);
  expect(payloads).toEqual(Array(10).fill({ paymentMethod: after.defaultPaymentMethod, customer: after }));
});

test('carries out 400 of 400 changes when 10 clients race with 40 each, one version for each real change', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const methods: string[] = [];
  for (let count = 0; count < 5; count += 1) methods.push((await aPaymentMethod(vault.owner, customerId)).id);
  const start = (await wholeCustomer(vault.owner, customerId)).version;
  const set = async (id: string | undefined) => {
    const answer = await vault.owner.execute(
      `mutation ($id: ID!) {
        setDefaultPaymentMethod(input: { id: $id }) {
          paymentMethod { id isDefault } customer { version } userErrors { code }
        }
      }`,
      { id },
    );
    return answer.expectData().setDefaultPaymentMethod;
  };

  const payloads = (
    await Promise.all(
      Array.from({ length: 10 }, async (_, client) => {
        const own = [];
        for (let call = 0; call < 40; call += 1) own.push(await set(methods[(client + call * 3) % 5]));
        return own;
      }),
    )
  ).flat();

  expect(payloads).toHaveLength(400);
  expect(payloads.filter(({ userErrors }) => userErrors.length > 0)).toEqual([]);
  const after = await wholeCustomer(vault.owner, customerId);
  // Which payment method each version made the default, as the answers tell it.
  const defaults = new Map<number, string>();
  for (const { paymentMethod, customer } of payloads) {
    if (!paymentMethod.isDefault) continue;
    expect(defaults.get(customer.version) ?? paymentMethod.id).toBe(paymentMethod.id);
    defaults.set(customer.version, paymentMethod.id);
  }
  for (let version = start + 1; version <= after.version; version += 1) {
    expect(methods).toContain(defaults.get(version));
    // A change that changes nothing takes no version.
    expect(defaults.get(version)).not.toBe(version === start + 1 ? methods[0] : defaults.get(version - 1));
  }
  expect(after.version).toBeGreaterThan(start + 100);
  expect(defaults.get(after.version)).toBe(after.defaultPaymentMethod.id);
  expect(after.paymentMethods.nodes.filter(({ isDefault }: { isDefault: boolean }) => isDefault)).toEqual([
    after.defaultPaymentMethod,
  ]);
});
