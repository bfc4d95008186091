import { Clock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

/** What one customer has, by the label under which the tests know it. */
const tokenized = {
  visa: aCard({ brand: 'VISA', lastFour: '1111', expiry: { month: 12, year: 2030 } }),
  amex: aCard({ brand: 'AMEX', lastFour: '0005', expiry: { month: 1, year: 2031 } }),
  expired: aCard({ brand: 'VISA', lastFour: '4242', expiry: { month: 12, year: 2029 } }),
  account: anAccount({ lastFour: '1111' }),
  unverified: anAccount({ lastFour: '6789', verified: false }),
};
const all = ['account', 'amex', 'expired', 'unverified', 'visa'];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: new Clock('2030-06-15T12:00:00.000Z').now });
  const { id } = await aCustomer(vault.owner, { reference: 'collector' });
  for (const [label, tokenize] of Object.entries(tokenized))
    await aPaymentMethod(vault.owner, id, { tokenize, label });
});

afterAll(() => vault.close());

const cases: [object | null, string[]][] = [
  [null, all],
  [{}, all],
  [{ type: null, brand: null, lastFour: null, expiresBefore: null, usable: null }, all],
  [{ type: 'CARD' }, ['amex', 'expired', 'visa']],
  [{ type: 'ACH' }, ['account', 'unverified']],
  [{ brand: 'VISA' }, ['expired', 'visa']],
  [{ brand: 'JCB' }, []],
  [{ lastFour: '1111' }, ['account', 'visa']],
  [{ lastFour: '0005' }, ['amex']],
  [{ lastFour: '9999' }, []],
  [{ expiresBefore: '2031-01' }, ['expired', 'visa']],
  [{ expiresBefore: '2030-12' }, ['expired']],
  [{ expiresBefore: '2031-02' }, ['amex', 'expired', 'visa']],
  [{ expiresBefore: '2029-12' }, []],
  [{ usable: true }, ['account', 'amex', 'visa']],
  [{ usable: false }, ['expired', 'unverified']],
  [{ type: 'CARD', lastFour: '1111' }, ['visa']],
  [{ type: 'ACH', brand: 'VISA' }, []],
  [{ brand: 'VISA', usable: false }, ['expired']],
  [{ type: 'ACH', usable: false }, ['unverified']],
];

test.each(cases)('lists with %j of a customer %j', async (filter, labels) => {
  const answer = await vault.owner.execute(
    `query ($filter: PaymentMethodFilter) {
      customerByReference(reference: "collector") {
        paymentMethods(filter: $filter) { totalCount nodes { label } edges { node { label } } }
        page: paymentMethods(filter: $filter, first: 1) { totalCount pageInfo { hasNextPage } }
      }
    }`,
    { filter },
  );

  const { paymentMethods, page } = answer.expectData().customerByReference;
  expect(paymentMethods.nodes.map(({ label }: { label: string }) => label).toSorted()).toEqual(labels);
  expect(paymentMethods.edges).toHaveLength(labels.length);
  expect(paymentMethods.totalCount).toBe(labels.length);
  expect(page).toEqual({ totalCount: labels.length, pageInfo: { hasNextPage: labels.length > 1 } });
});

test.each(
  cases.filter(([filter]) => filter !== null && Object.values(filter).some((value) => value !== null)),
)('finds with %j the customer who has one of %j', async (filter, labels) => {
  const answer = await vault.owner.execute(
    `query ($filter: PaymentMethodFilter) {
        customers(filter: { paymentMethod: $filter }) { totalCount nodes { reference } }
      }`,
    { filter },
  );

  const found = labels.length > 0;
  expect(answer.expectData().customers).toEqual({
    totalCount: found ? 1 : 0,
    nodes: found ? [{ reference: 'collector' }] : [],
  });
});

test('finds no customer of whom two payment methods meet one condition each', async () => {
  const answer = await vault.owner.execute(
    `{
      one: customers(filter: { paymentMethod: { brand: AMEX, lastFour: "0005" } }) { totalCount }
      two: customers(filter: { paymentMethod: { brand: AMEX, lastFour: "1111" } }) { totalCount }
    }`,
  );

  expect(answer.expectData()).toEqual({ one: { totalCount: 1 }, two: { totalCount: 0 } });
});

test('finds customers by a payment method and by their own fields at once', async () => {
  const answer = await vault.owner.execute(
    `{
      both: customers(filter: { search: "ada", paymentMethod: { brand: AMEX } }) { totalCount }
      one: customers(filter: { search: "grace", paymentMethod: { brand: AMEX } }) { totalCount }
    }`,
  );

  expect(answer.expectData()).toEqual({ both: { totalCount: 1 }, one: { totalCount: 0 } });
});

test('finds only customers with a payment method by an empty condition', async () => {
  await aCustomer(vault.owner, { name: 'Nobody Linked' });

  const answer = await vault.owner.execute(
    '{ customers(filter: { paymentMethod: {} }) { totalCount nodes { reference } } }',
  );

  expect(answer.expectData().customers).toEqual({ totalCount: 1, nodes: [{ reference: 'collector' }] });
});

test("finds no customer by a stranger's payment method", async () => {
  const theirs = await aCustomer(vault.stranger);
  await aPaymentMethod(vault.stranger, theirs.id, { tokenize: aCard({ lastFour: '7777' }) });

  const answer = await vault.owner.execute(
    '{ customers(filter: { paymentMethod: { lastFour: "7777" } }) { totalCount } }',
  );

  expect(answer.expectData().customers.totalCount).toBe(0);
});

test('walks a filtered list over pages', async () => {
  const answer = await vault.owner.execute(
    `{
      customerByReference(reference: "collector") { paymentMethods(first: 2, filter: { usable: true }) { nodes { label } pageInfo { endCursor } } }
    }`,
  );
  const { nodes, pageInfo } = answer.expectData().customerByReference.paymentMethods;

  const next = await vault.owner.execute(
    `query ($after: String) {
      customerByReference(reference: "collector") {
        paymentMethods(first: 2, after: $after, filter: { usable: true }) { nodes { label } pageInfo { hasNextPage } }
      }
    }`,
    { after: pageInfo.endCursor },
  );

  expect(nodes).toEqual([{ label: 'visa' }, { label: 'account' }]);
  expect(next.expectData().customerByReference.paymentMethods).toEqual({
    nodes: [{ label: 'amex' }],
    pageInfo: { hasNextPage: false },
  });
});

test.each([
  ...['5', '42', '11111', '', 'abcd', '１１１１', '____', ' 1111'].map((text) => [
    'lastFour',
    text,
    'four digits',
  ]),
  ...['2031-13', '2031-00', '2031-1', '01/2031', '12/26', '2031-02-01', '', '２０３１-01'].map((text) => [
    'expiresBefore',
    text,
    'a month as YYYY-MM',
  ]),
])('refuses a filter by %s of the wrong form: %j', async (name = '', text = '', form = '') => {
  const answer = await vault.owner.execute(
    `query ($filter: PaymentMethodFilter!) {
      customers(filter: { paymentMethod: $filter }) { totalCount }
      customerByReference(reference: "collector") { paymentMethods(filter: $filter) { totalCount } }
    }`,
    { filter: { [name]: text } },
  );

  expect(answer.expectErrors()).toMatchObject([{ code: 'BAD_USER_INPUT' }, { code: 'BAD_USER_INPUT' }]);
  expect(answer.body.errors?.map(({ message }) => message).toSorted()).toEqual([
    `\`filter.${name}\` must be ${form}.`,
    `\`filter.paymentMethod.${name}\` must be ${form}.`,
  ]);
});
