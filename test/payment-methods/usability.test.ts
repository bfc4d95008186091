import { Clock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

const clock = new Clock('2030-01-15T12:00:00.000Z');
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: clock.now });
});

beforeEach(() => clock.moveTo('2030-01-15T12:00:00.000Z'));

afterAll(() => vault.close());

/** All places that tell whether a payment method is usable, asked for a customer's default. */
async function usabilityOf({ id, token }: { id: string; token: string }) {
  const answer = await vault.owner.execute(
    `query ($id: ID!, $token: ID!) {
      resolvePaymentToken(token: $token) { usable unusableReason providerToken paymentMethod { usable } }
      customer(id: $id) {
        defaultPaymentMethod { usable unusableReason }
        usable: paymentMethods(filter: { usable: true }) { totalCount nodes { usable } }
        unusable: paymentMethods(filter: { usable: false }) { totalCount nodes { usable } }
      }
      customers(filter: { paymentMethod: { usable: true } }) { nodes { id } }
    }`,
    { id, token },
  );
  const { resolvePaymentToken, customer, customers } = answer.expectData();
  return {
    resolvePaymentToken,
    customer,
    isFound: customers.nodes.some((node: { id: string }) => node.id === id),
  };
}

function usable() {
  return {
    resolvePaymentToken: {
      usable: true,
      unusableReason: null,
      providerToken: expect.any(String),
      paymentMethod: { usable: true },
    },
    customer: {
      defaultPaymentMethod: { usable: true, unusableReason: null },
      usable: { totalCount: 1, nodes: [{ usable: true }] },
      unusable: { totalCount: 0, nodes: [] },
    },
    isFound: true,
  };
}

function unusable(unusableReason: string) {
  return {
    resolvePaymentToken: {
      usable: false,
      unusableReason,
      providerToken: null,
      paymentMethod: { usable: false },
    },
    customer: {
      defaultPaymentMethod: { usable: false, unusableReason },
      usable: { totalCount: 0, nodes: [] },
      unusable: { totalCount: 1, nodes: [{ usable: false }] },
    },
    isFound: false,
  };
}

test.each([
  [{ month: 1, year: 2030 }, '2030-01-31T23:59:59.999-12:00'],
  [{ month: 2, year: 2032 }, '2032-03-01T11:59:59.999Z'],
  [{ month: 12, year: 2030 }, '2031-01-01T00:00:30.000Z'],
  [{ month: 12, year: 2030 }, '2031-01-01T11:59:59.999Z'],
])('lets a card of %j be used while it is its month anywhere on earth, at %s', async (expiry, time) => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { tokenize: aCard({ expiry }) });

  clock.moveTo(time);

  expect(await usabilityOf(customer)).toEqual(usable());
});

test.each([
  [{ month: 1, year: 2030 }, '2030-02-01T12:00:00.000Z'],
  [{ month: 2, year: 2032 }, '2032-03-01T00:00:00.000-12:00'],
  [{ month: 12, year: 2030 }, '2031-01-01T12:00:00.000Z'],
])('has a card of %j expired once the next month has begun everywhere', async (expiry, time) => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { tokenize: aCard({ expiry }) });

  clock.moveTo(time);

  expect(await usabilityOf(customer)).toEqual(unusable('CARD_EXPIRED'));
});

test('changes neither version nor time of a customer whose card expires', async () => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { tokenize: aCard({ expiry: { month: 1, year: 2030 } }) });

  clock.moveTo('2030-02-01T12:00:00.000Z');

  const answer = await vault.owner.execute(
    'query ($id: ID!) { customer(id: $id) { version updatedAt defaultPaymentMethod { updatedAt } } }',
    { id: customer.id },
  );
  expect(answer.expectData().customer).toEqual({
    version: 2,
    updatedAt: '2030-01-15T12:00:00.000Z',
    defaultPaymentMethod: { updatedAt: '2030-01-15T12:00:00.000Z' },
  });
});

test('lets a verified bank account be used at any time', async () => {
  const customer = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, customer.id, { tokenize: anAccount() });

  clock.moveTo('2099-12-31T23:59:59.999Z');

  expect(await usabilityOf(customer)).toEqual(usable());
});

test('lets an unverified bank account not be used', async () => {
  const customer = await aCustomer(vault.owner);

  await aPaymentMethod(vault.owner, customer.id, { tokenize: anAccount({ verified: false }) });

  expect(await usabilityOf(customer)).toEqual(unusable('ACH_NOT_VERIFIED'));
});
