import { randomUUID } from 'node:crypto';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';
import { ADDRESS, PAYMENT_METHOD } from '../support/whole-customer.js';

const own = 'id token reference name email phone metadata version createdAt updatedAt';
const edges = `totalCount edges { cursor node { ${PAYMENT_METHOD} } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

/** A customer with every kind of list below it, each of which leads back to the customer and its other lists. */
const fragments = `
  fragment lists on Customer {
    addresses { ${ADDRESS} customer { version updatedAt defaultAddress { id label } } }
    defaultAddress { ${ADDRESS} customer { version addresses { id label isDefault } } }
    paymentMethods { totalCount nodes { ${PAYMENT_METHOD} customer { version defaultPaymentMethod { id label } } } }
    first: paymentMethods(first: 2) { ${edges} }
    last: paymentMethods(last: 2) { ${edges} }
    cards: paymentMethods(filter: { type: CARD }) { ${edges} }
    unusable: paymentMethods(filter: { usable: false }) { totalCount nodes { id label updatedAt } }
    defaultPaymentMethod { ${PAYMENT_METHOD} customer { version addresses { id label updatedAt } } }
  }
  fragment whole on Customer { ${own} ...lists }`;

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

/** Home is the default of three addresses, the first card the default of four payment methods. */
async function aStory() {
  const labels = ['Home', 'Work', 'Boat'];
  const reference = randomUUID();
  const addresses = labels.map((label) => ({ label }));
  const customer = await aCustomer(vault.owner, { name: 'Ada', reference, addresses });
  const tokenized = [
    aCard(),
    aCard({ lastFour: '1111' }),
    anAccount(),
    aCard({ expiry: { month: 1, year: 2020 } }),
  ];
  const methods: { id: string }[] = [];
  for (const tokenize of tokenized) {
    methods.push(await aPaymentMethod(vault.owner, customer.id, { tokenize, label: 'Old' }));
  }
  const [home, work, boat] = customer.addresses.map(({ id }) => id);
  const [card, otherCard, account, expired] = methods.map(({ id }) => id);
  const token = await aProviderToken(vault.owner);
  return { id: customer.id, reference, token, home, work, boat, card, otherCard, account, expired };
}

type Story = Awaited<ReturnType<typeof aStory>>;

/** The object beside the customer in an answer, from which it leads to the customer once more. */
const objects = {
  Address: `${ADDRESS} customer { ...whole }`,
  PaymentMethod: `${PAYMENT_METHOD} customer { ...whole }`,
};

function objectOf(mutation: string): string {
  if (/^(remove|unlink)|Customer$/.test(mutation)) return '';
  return mutation.endsWith('Address')
    ? `address { __typename ${objects.Address} }`
    : `paymentMethod { __typename ${objects.PaymentMethod} }`;
}

async function change(mutation: string, input: object) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await vault.owner.execute(
    `mutation ($input: ${type}!) {
      ${mutation}(input: $input) { ${objectOf(mutation)} customer { ...whole } userErrors { code field } }
    } ${fragments}`,
    { input },
  );
  const { userErrors, customer, address, paymentMethod } = answer.expectData()[mutation];
  const { statements } = await loggedRequest(vault.logged, answer.body.extensions.requestId);
  return { userErrors, customer, object: address ?? paymentMethod ?? null, statements };
}

async function read(customerId: string) {
  const answer = await vault.owner.execute(
    `query ($id: ID!) { customer(id: $id) { ...whole } } ${fragments}`,
    { id: customerId },
  );
  return answer.expectData().customer;
}

/** An object of an answer as it is now; null where the answer has none. */
async function readAgain(object: { readonly __typename: keyof typeof objects; readonly id: string } | null) {
  if (!object) return null;
  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      node(id: $id) { __typename ... on ${object.__typename} { ${objects[object.__typename]} } }
    } ${fragments}`,
    { id: object.id },
  );
  return answer.expectData().node;
}

test.each<[string, string, number, (story: Story) => object]>([
  ['addAddress', 'another', 1, ({ id }) => ({ customerId: id, address: { label: 'New' } })],
  [
    'addAddress',
    'the default',
    1,
    ({ id }) => ({ customerId: id, address: { label: 'New', isDefault: true } }),
  ],
  ['updateAddress', 'lines of the default', 2, ({ home }) => ({ id: home, label: 'New', city: 'Paris' })],
  ['updateAddress', 'lines of another', 2, ({ boat }) => ({ id: boat, label: 'New' })],
  ['updateAddress', 'the default', 2, ({ boat }) => ({ id: boat, isDefault: true })],
  ['updateAddress', 'to no default', 2, ({ home }) => ({ id: home, isDefault: false })],
  ['updateAddress', 'lines and default', 2, ({ work }) => ({ id: work, label: 'New', isDefault: true })],
  ['updateAddress', 'lines and no default', 2, ({ home }) => ({ id: home, label: 'New', isDefault: false })],
  ['setDefaultAddress', 'another', 1, ({ work }) => ({ id: work })],
  ['removeAddress', 'the default', 1, ({ home }) => ({ id: home })],
  ['removeAddress', 'another', 1, ({ boat }) => ({ id: boat })],
  ['linkPaymentMethod', 'another', 2, ({ id, token }) => ({ customerId: id, token, ifDuplicate: 'ALLOW' })],
  [
    'linkPaymentMethod',
    'the default',
    2,
    ({ id, token }) => ({ customerId: id, token, isDefault: true, ifDuplicate: 'ALLOW' }),
  ],
  ['updatePaymentMethod', 'the default', 2, ({ card }) => ({ id: card, label: 'New' })],
  [
    'updatePaymentMethod',
    'another',
    2,
    ({ expired }) => ({ id: expired, label: 'New', billingDetails: { name: 'Grace' } }),
  ],
  ['setDefaultPaymentMethod', 'another', 1, ({ account }) => ({ id: account })],
  ['unlinkPaymentMethod', 'the default', 1, ({ card }) => ({ id: card, ifDefault: 'LEAVE_EMPTY' })],
  [
    'unlinkPaymentMethod',
    'the default with a successor',
    1,
    ({ card }) => ({ id: card, ifDefault: 'PROMOTE_NEWEST' }),
  ],
  ['unlinkPaymentMethod', 'another', 1, ({ otherCard }) => ({ id: otherCard })],
  ['updateCustomer', 'the name', 2, ({ id }) => ({ id, name: 'Grace' })],
  ['upsertCustomer', 'the name', 2, ({ reference }) => ({ reference, name: 'Grace' })],
])('%s (%s) answers in %i statements what is read afterwards', async (mutation, _, atMost, inputOf) => {
  const story = await aStory();
  const before = await read(story.id);

  const { userErrors, customer, object, statements } = await change(mutation, inputOf(story));

  expect(userErrors).toEqual([]);
  expect(customer.version).toBe(before.version + 1);
  expect(customer).toEqual(await read(story.id));
  expect(object).toEqual(await readAgain(object));
  expect(statements).toBeLessThanOrEqual(atMost);
});

test.each<[string, (story: Story) => object]>([
  ['updateAddress', ({ work }) => ({ id: work, label: 'Work', isDefault: false })],
  ['updateAddress', ({ home }) => ({ id: home, isDefault: true })],
  ['setDefaultAddress', ({ home }) => ({ id: home })],
  ['linkPaymentMethod', ({ id, token }) => ({ customerId: id, token, ifDuplicate: 'RETURN_EXISTING' })],
  ['updatePaymentMethod', ({ otherCard }) => ({ id: otherCard, label: 'Old' })],
  ['setDefaultPaymentMethod', ({ card }) => ({ id: card })],
  ['updateCustomer', ({ id }) => ({ id, name: 'Ada' })],
  ['upsertCustomer', ({ reference }) => ({ reference, name: 'Ada' })],
])('%s that changes nothing answers what was there', async (mutation, inputOf) => {
  const story = await aStory();
  const before = await read(story.id);

  const { userErrors, customer, object, statements } = await change(mutation, inputOf(story));

  expect(userErrors).toEqual([]);
  expect(customer).toEqual(before);
  expect(object).toEqual(await readAgain(object));
  expect(await read(story.id)).toEqual(before);
  // The sandbox's look-up of a token is a statement too.
  expect(statements).toBeLessThanOrEqual(mutation === 'linkPaymentMethod' ? 3 : 2);
});

test('a change of one customer shows nothing of another', async () => {
  const [story, other] = [await aStory(), await aStory()];
  const before = await read(other.id);

  const { customer } = await change('updateAddress', { id: story.work, label: 'New', isDefault: true });

  const ids = customer.addresses.map(({ id }: { id: string }) => id);
  expect(ids).toEqual([story.work, story.home, story.boat]);
  expect(await read(other.id)).toEqual(before);
});
