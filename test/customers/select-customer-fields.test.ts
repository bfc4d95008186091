import type { Client } from '../support/client.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant } from './factories.js';

const vault = await startVault();

afterAll(() => vault.close());

/** A customer with two addresses, the second its default, and three payment methods, the first its default. */
async function aRichCustomer(owner: Client) {
  const { id } = await aCustomer(owner, {
    name: 'Rich',
    email: 'rich@example.com',
    addresses: [
      { label: 'Home', city: 'Rome' },
      { label: 'Work', isDefault: true },
    ],
  });
  const methods = [
    await aPaymentMethod(owner, id),
    await aPaymentMethod(owner, id, {
      tokenize: aCard({ lastFour: '1111', expiry: { month: 1, year: 2020 } }),
    }),
    await aPaymentMethod(owner, id, { tokenize: anAccount() }),
  ];
  return { id, methods: methods.map((method) => method.id) as [string, string, string] };
}

test('gives fields under their aliases and through fragments, named, inline and nested', async () => {
  const { id } = await aRichCustomer(vault.owner);

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      one: customer(id: $id) { ...Who again: name  ... { version } ... on Node { node: id } }
      two: customer(id: $id) { label: email ... on Customer { homes: addresses { ...Where } } }
    }
    fragment Who on Customer { name ...Contact }
    fragment Contact on Customer { contact: email }
    fragment Where on Address { tag: label town: city customer { ...Contact } }`,
    { id },
  );

  expect(answer.expectData()).toEqual({
    one: { name: 'Rich', contact: 'rich@example.com', again: 'Rich', version: 4, node: id },
    two: {
      label: 'rich@example.com',
      homes: [
        { tag: 'Work', town: null, customer: { contact: 'rich@example.com' } },
        { tag: 'Home', town: 'Rome', customer: { contact: 'rich@example.com' } },
      ],
    },
  });
});

const directives = `query ($id: ID!, $with: Boolean!, $without: Boolean = false) {
  customer(id: $id) {
    id
    name @include(if: $with)
    email @skip(if: $with)
    addresses @include(if: $with) @skip(if: $without) { label ... @skip(if: $with) { city } }
    ...Cards @include(if: $with)
    ... on Customer @skip(if: $with) { version }
  }
}
fragment Cards on Customer { paymentMethods(first: 1) { totalCount } }`;

test.each([
  [
    { with: true },
    { name: 'Rich', addresses: [{ label: 'Work' }, { label: 'Home' }], paymentMethods: { totalCount: 3 } },
  ],
  [
    { with: true, without: true },
    { name: 'Rich', paymentMethods: { totalCount: 3 } },
  ],
  [{ with: false }, { email: 'rich@example.com', version: 4 }],
  [
    { with: false, without: true },
    { email: 'rich@example.com', version: 4 },
  ],
])('includes and skips as the variables %j say', async (variables, expected) => {
  const { id } = await aRichCustomer(vault.owner);

  const answers = [
    await vault.owner.execute(directives, { id, with: true }),
    await vault.owner.execute(directives, { id, with: false }),
    await vault.owner.execute(directives, { id, ...variables }),
    await vault.owner.execute(directives, { id, ...variables }),
  ];

  expect(answers.slice(2).map((answer) => answer.expectData())).toEqual(
    Array(2).fill({ customer: { id, ...expected } }),
  );
});

test('gives the same list with different arguments under different aliases', async () => {
  const { id, methods } = await aRichCustomer(vault.owner);
  const [visa, expired, account] = methods;
  const ids = (...nodes: string[]) => ({ nodes: nodes.map((node) => ({ id: node })) });

  const answer = await vault.owner.execute(
    `query ($id: ID!, $first: Int, $filter: PaymentMethodFilter) {
      customer(id: $id) {
        all: paymentMethods { nodes { id } totalCount }
        one: paymentMethods(first: 1) { nodes { id } }
        two: paymentMethods(first: $first) { nodes { id } }
        end: paymentMethods(last: 1) { nodes { id } }
        cards: paymentMethods(filter: { type: CARD }) { nodes { id } totalCount }
        usable: paymentMethods(filter: $filter) { edges { node { id } } }
        none: paymentMethods(filter: { lastFour: "0000" }) { nodes { id } totalCount }
      }
    }`,
    { id, first: 2, filter: { usable: true } },
  );

  expect(answer.expectData().customer).toEqual({
    all: { ...ids(visa, account, expired), totalCount: 3 },
    one: ids(visa),
    two: ids(visa, account),
    end: ids(expired),
    cards: { ...ids(visa, expired), totalCount: 2 },
    usable: { edges: [{ node: { id: visa } }, { node: { id: account } }] },
    none: { nodes: [], totalCount: 0 },
  });
});

test('gives different filters of the customers side by side', async () => {
  const owner = await aMerchant(vault);
  for (const name of ['Ann', 'Ben', 'Cat']) await aCustomer(owner, { name, reference: name });

  const answer = await owner.execute(
    `query ($order: CustomerOrder) {
      newest: customers(first: 1) { nodes { name } }
      oldest: customers(first: 1, orderBy: $order) { nodes { name } }
      last: customers(last: 1) { edges { node { reference } } }
      ben: customers(filter: { search: "ben" }) { nodes { name } totalCount }
      count: customers { totalCount }
      nobody: customers(filter: { email: "x" }) { nodes { name } pageInfo { endCursor hasNextPage } totalCount }
    }`,
    { order: { field: 'CREATED_AT', direction: 'ASC' } },
  );

  expect(answer.expectData()).toEqual({
    newest: { nodes: [{ name: 'Cat' }] },
    oldest: { nodes: [{ name: 'Ann' }] },
    last: { edges: [{ node: { reference: 'Ann' } }] },
    ben: { nodes: [{ name: 'Ben' }], totalCount: 1 },
    count: { totalCount: 3 },
    nobody: { nodes: [], pageInfo: { endCursor: null, hasNextPage: false }, totalCount: 0 },
  });
});

test('gives the nodes of one page, and the customer of one payload, under several aliases', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, {
    name: 'Ann',
    email: 'ann@example.com',
    addresses: [{ label: 'Home' }],
  });

  const page = await owner.execute(`{
    customers { a: nodes { id } b: nodes { name } c: edges { node { email } d: node { addresses { label } } } }
  }`);
  const payload = await owner.execute(
    `mutation ($id: ID!) {
      updateCustomer(input: { id: $id, name: "Ann" }) { a: customer { version } b: customer { addresses { label } } }
    }`,
    { id },
  );

  const addresses = [{ label: 'Home' }];
  expect(page.expectData().customers).toEqual({
    a: [{ id }],
    b: [{ name: 'Ann' }],
    c: [{ node: { email: 'ann@example.com' }, d: { addresses } }],
  });
  expect(payload.expectData().updateCustomer).toEqual({ a: { version: 1 }, b: { addresses } });
});

test('merges what is asked of the same field in several places', async () => {
  const { id } = await aRichCustomer(vault.owner);

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      customer(id: $id) { addresses { label } }
      customer(id: $id) { addresses { city } ...More paymentMethods(first: 1) { nodes { type } } }
    }
    fragment More on Customer {
      addresses { isDefault customer { version } }
      paymentMethods(first: 1) { totalCount nodes { card { lastFour } } }
    }`,
    { id },
  );

  expect(answer.expectData().customer).toEqual({
    addresses: [
      { label: 'Work', city: null, isDefault: true, customer: { version: 4 } },
      { label: 'Home', city: 'Rome', isDefault: false, customer: { version: 4 } },
    ],
    paymentMethods: { totalCount: 3, nodes: [{ type: 'CARD', card: { lastFour: '4242' } }] },
  });
});

test('leads from a customer to what belongs to it and back, as deep as is asked', async () => {
  const { id, methods } = await aRichCustomer(vault.owner);

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      customer(id: $id) {
        defaultAddress {
          label
          customer {
            name
            addresses { label customer { email defaultPaymentMethod { id customer { version } } } }
            paymentMethods(first: 2) { nodes { id customer { defaultAddress { city label } createdAt updatedAt } } }
          }
        }
        createdAt
        updatedAt
      }
    }`,
    { id },
  );

  const { createdAt, updatedAt } = answer.expectData().customer;
  const back = {
    email: 'rich@example.com',
    defaultPaymentMethod: { id: methods[0], customer: { version: 4 } },
  };
  const again = { defaultAddress: { city: null, label: 'Work' }, createdAt, updatedAt };
  expect(answer.expectData().customer).toEqual({
    createdAt,
    updatedAt,
    defaultAddress: {
      label: 'Work',
      customer: {
        name: 'Rich',
        addresses: [
          { label: 'Work', customer: back },
          { label: 'Home', customer: back },
        ],
        paymentMethods: {
          nodes: [
            { id: methods[0], customer: again },
            { id: methods[2], customer: again },
          ],
        },
      },
    },
  });
});

test('leads back and forth within a list, each customer to its own', async () => {
  const owner = await aMerchant(vault);
  for (const name of ['Ann', 'Ben']) {
    const { id } = await aCustomer(owner, { name, addresses: [{ label: `${name} at home` }] });
    await aPaymentMethod(owner, id, { label: `${name} pays` });
  }

  const answer = await owner.execute(`{
    customers(first: 2) {
      nodes { addresses { label customer { name } } }
      edges { node { paymentMethods { nodes { label customer { name addresses { label } } } } } }
    }
  }`);

  const names = ['Ben', 'Ann'];
  expect(answer.expectData().customers).toEqual({
    nodes: names.map((name) => ({ addresses: [{ label: `${name} at home`, customer: { name } }] })),
    edges: names.map((name) => ({
      node: {
        paymentMethods: {
          nodes: [{ label: `${name} pays`, customer: { name, addresses: [{ label: `${name} at home` }] } }],
        },
      },
    })),
  });
});

test('gives of a new customer whatever is asked, though nothing is read', async () => {
  const answer = await vault.owner.execute(
    `mutation {
      createCustomer(input: { name: "New", addresses: [{ label: "Home" }, { label: "Work" }] }) {
        customer {
          addresses { label customer { name defaultAddress { label } } }
          paymentMethods(first: 3) { nodes { id } edges { cursor } totalCount pageInfo { hasNextPage endCursor } }
          cards: paymentMethods(filter: { type: CARD }) { nodes { id } }
          defaultPaymentMethod { id }
          __typename
        }
        userErrors { code }
      }
    }`,
  );

  const customer = { name: 'New', defaultAddress: { label: 'Home' } };
  expect(answer.expectData().createCustomer).toEqual({
    customer: {
      addresses: [
        { label: 'Home', customer },
        { label: 'Work', customer },
      ],
      paymentMethods: {
        nodes: [],
        edges: [],
        totalCount: 0,
        pageInfo: { hasNextPage: false, endCursor: null },
      },
      cards: { nodes: [] },
      defaultPaymentMethod: null,
      __typename: 'Customer',
    },
    userErrors: [],
  });
});

test('carries out several mutations in their order and gives each its own state', async () => {
  const { id } = await aCustomer(vault.owner, { name: 'Zero' });

  const answer = await vault.owner.execute(
    `mutation ($id: ID!) {
      one: updateCustomer(input: { id: $id, name: "One" }) { customer { name version } }
      refused: updateCustomer(input: { id: $id, name: "" }) { customer { name } userErrors { code } }
      two: updateCustomer(input: { id: $id, name: "Two", expectedVersion: 2 }) { customer { name version } }
    }`,
    { id },
  );

  expect(answer.expectData()).toEqual({
    one: { customer: { name: 'One', version: 2 } },
    refused: { customer: null, userErrors: [{ code: 'REQUIRED' }] },
    two: { customer: { name: 'Two', version: 3 } },
  });
});
