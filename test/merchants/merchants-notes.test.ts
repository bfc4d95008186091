import type { Client } from '../support/client.js';
import { aCard, aCustomer, anAddress, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { aCaller, aSession } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();
const ALL = ['READ', 'EDIT_PROFILE', 'EDIT_ADDRESSES', 'LINK_PAYMENT_METHODS', 'UNLINK_PAYMENT_METHODS'];

afterAll(() => vault.close());

interface Person {
  readonly customer: string;
  readonly address: string;
  readonly spareAddress: string;
  readonly method: string;
  readonly spareMethod: string;
  readonly token: string;
}

let people = 0;

/** A customer of whom the merchant has noted something, with two addresses and two cards. */
async function aPerson(): Promise<Person> {
  people += 1;
  const { id } = await aCustomer(vault.owner, {
    reference: `secret-${people}`,
    metadata: { rating: 'secret' },
    addresses: [{ label: 'Home' }],
  });
  const addresses = [await anAddress(vault.owner, id), await anAddress(vault.owner, id)];
  const methods = [
    await aPaymentMethod(vault.owner, id, { label: 'Mine', tokenize: aCard({ lastFour: '1111' }) }),
    await aPaymentMethod(vault.owner, id, { label: 'Mine', tokenize: aCard({ lastFour: '2222' }) }),
  ];
  const token = await aProviderToken(vault.owner, aCard({ lastFour: '3333' }));
  return {
    customer: id,
    address: addresses[0]?.id ?? '',
    spareAddress: addresses[1]?.id ?? '',
    method: methods[0]?.id ?? '',
    spareMethod: methods[1]?.id ?? '',
    token,
  };
}

const c = 'id name reference metadata';
const p = 'id label fingerprint';

/** Every way on which a session comes to a customer or a payment method. */
const ways: Readonly<Record<string, (person: Person) => string>> = {
  me: () => `{ me { ${c} } }`,
  customer: ({ customer }) => `{ customer(id: "${customer}") { ${c} } }`,
  node: ({ customer }) => `{ node(id: "${customer}") { id ... on Customer { ${c} } } }`,
  nodes: ({ customer, method }) =>
    `{ nodes(ids: ["${customer}", "${method}"]) { id ... on Customer { ${c} } ... on PaymentMethod { ${p} } } }`,
  paymentMethod: ({ method }) => `{ paymentMethod(id: "${method}") { ${p} customer { ${c} } } }`,
  'a list of payment methods': () => `{ me { paymentMethods { nodes { ${p} customer { ${c} } } } } }`,
  'edges of payment methods': () => `{ me { paymentMethods { edges { node { ${p} } } } } }`,
  'the default payment method': () => `{ me { defaultPaymentMethod { ${p} customer { ${c} } } } }`,
  addresses: () => `{ me { addresses { label customer { ${c} } } } }`,
  'the default address': () => `{ me { defaultAddress { label customer { ${c} } } } }`,
  'a fragment of the interface': ({ customer }) =>
    `{ node(id: "${customer}") { ...N } } fragment N on Node { id ... on Customer { id name ref: reference } }`,
  updateCustomer: ({ customer }) =>
    `mutation { updateCustomer(input: { id: "${customer}", name: "New" }) { customer { ${c} } } }`,
  addAddress: ({ customer }) =>
    `mutation { addAddress(input: { customerId: "${customer}", address: { label: "New" } }) {
      address { label customer { ${c} } } customer { ${c} } } }`,
  updateAddress: ({ address }) =>
    `mutation { updateAddress(input: { id: "${address}", label: "New" }) { address { label customer { ${c} } } } }`,
  setDefaultAddress: ({ address }) =>
    `mutation { setDefaultAddress(input: { id: "${address}" }) { customer { ${c} } } }`,
  removeAddress: ({ spareAddress }) =>
    `mutation { removeAddress(input: { id: "${spareAddress}" }) { customer { ${c} } } }`,
  linkPaymentMethod: ({ customer, token }) =>
    `mutation { linkPaymentMethod(input: { customerId: "${customer}", token: "${token}", label: "New" }) {
      paymentMethod { ${p} } customer { ${c} } } }`,
  updatePaymentMethod: ({ method }) =>
    `mutation { updatePaymentMethod(input: { id: "${method}", label: "New" }) { paymentMethod { ${p} } } }`,
  setDefaultPaymentMethod: ({ method }) =>
    `mutation { setDefaultPaymentMethod(input: { id: "${method}" }) { paymentMethod { ${p} } customer { ${c} } } }`,
  unlinkPaymentMethod: ({ spareMethod }) =>
    `mutation { unlinkPaymentMethod(input: { id: "${spareMethod}" }) { customer { ${c} } } }`,
};

const HIDDEN = new Set(['reference', 'metadata', 'fingerprint', 'ref']);

/** Paths and values of the hidden fields in an answer, and those of the names and labels beside them. */
function walk(value: unknown, path: (string | number)[] = []) {
  const found = { hidden: [] as (string | number)[][], values: [] as unknown[], beside: [] as unknown[] };
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, below] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    if (HIDDEN.has(name)) {
      found.hidden.push([...path, key]);
      found.values.push(below);
    } else if (name === 'name' || name === 'label') found.beside.push(below);
    const deeper = walk(below, [...path, key]);
    found.hidden.push(...deeper.hidden);
    found.values.push(...deeper.values);
    found.beside.push(...deeper.beside);
  }
  return found;
}

test.each(Object.keys(ways))(
  'a session does not see the merchant’s notes by %s, and sees the rest',
  async (way) => {
    const person = await aPerson();
    const { client } = await aSession(vault, vault.owner, { customerId: person.customer, permissions: ALL });

    const answer = await client.execute(ways[way]?.(person) ?? '');

    const { hidden, values, beside } = walk(answer.body.data);
    expect(hidden.length).toBeGreaterThan(0);
    expect(new Set(values)).toEqual(new Set([null]));
    expect(beside.length).toBeGreaterThan(0);
    expect(beside.every((value) => typeof value === 'string')).toBe(true);
    const byPath = (one: { path?: unknown }, other: { path?: unknown }) =>
      JSON.stringify(one.path) < JSON.stringify(other.path) ? -1 : 1;
    expect(answer.expectErrors().sort(byPath)).toEqual(
      hidden.map((path) => ({ code: 'FORBIDDEN', path })).sort(byPath),
    );
  },
);

test.each(Object.keys(ways).filter((way) => way !== 'me'))(
  'a key that may read sees them by %s',
  async (way) => {
    const person = await aPerson();
    const document = (ways[way]?.(person) ?? '').replaceAll('me {', `customer(id: "${person.customer}") {`);

    const { values } = walk((await vault.owner.execute(document)).expectData());

    expect(values.length).toBeGreaterThan(0);
    expect(values).not.toContain(null);
  },
);

test.each<[string, (person: Person) => string]>([
  ['customerByReference', () => '{ customerByReference(reference: "R") { id } }'],
  ['customers', () => '{ customers(filter: { reference: "R" }) { nodes { id } } }'],
  [
    'customers',
    () => '{ customers(filter: { metadata: [{ key: "rating", value: "secret" }] }) { totalCount } }',
  ],
  ['updateCustomer', ({ customer }) => updating(customer, 'reference: "R"')],
  ['updateCustomer', ({ customer }) => updating(customer, 'reference: null')],
  ['updateCustomer', ({ customer }) => updating(customer, 'metadata: { rating: "good" }')],
])('a session cannot try them by %s', async (field, documentOf) => {
  const person = await aPerson();
  const { client } = await aSession(vault, vault.owner, { customerId: person.customer, permissions: ALL });

  const answer = await client.execute(documentOf(person));

  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: [field] }]);
});

function updating(customer: string, input: string): string {
  return `mutation { updateCustomer(input: { id: "${customer}", ${input} }) { customer { id } } }`;
}

test('a key without the scope to read customers is shown no notes of one that it has changed', async () => {
  const writer: Client = await aCaller(vault, ['CUSTOMERS_WRITE']);
  const made = await writer.execute('mutation { createCustomer(input: { name: "A" }) { customer { id } } }');
  const { id } = made.expectData().createCustomer.customer;

  const answer = await writer.execute(
    `mutation { updateCustomer(input: { id: "${id}", name: "B" }) { customer { id metadata } } }`,
  );

  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['updateCustomer', 'customer'] }]);
});
