import { theCustomer, UNKNOWN_ID, withoutRequestId } from '../customers/factories.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';

const node = `query ($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Customer { name addresses { label } }
    ... on Address { label ofAddress: customer { name } }
    ... on PaymentMethod { type ofMethod: customer { name } }
  }
}`;
const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }';

const vault = await startVault();

afterAll(() => vault.close());

async function anOwnerOfAll() {
  const { id, addresses } = await aCustomer(vault.owner, { name: 'Node', addresses: [{ label: 'Home' }] });
  const method = await aPaymentMethod(vault.owner, id);
  return { customer: id, address: addresses[0]?.id as string, method: method.id };
}

test('finds an object of every type by its id', async () => {
  const { customer, address, method } = await anOwnerOfAll();

  const answers = [
    await vault.owner.execute(node, { id: customer }),
    await vault.owner.execute(node, { id: address.toUpperCase() }),
    await vault.owner.execute(node, { id: method }),
  ];

  expect(answers.map((answer) => answer.expectData().node)).toEqual([
    { __typename: 'Customer', id: customer, name: 'Node', addresses: [{ label: 'Home' }] },
    { __typename: 'Address', id: address, label: 'Home', ofAddress: { name: 'Node' } },
    { __typename: 'PaymentMethod', id: method, type: 'CARD', ofMethod: { name: 'Node' } },
  ]);
});

test('gives several in the order asked for, twice what is asked twice, null where there is none', async () => {
  const { customer, address, method } = await anOwnerOfAll();

  const answer = await vault.owner.execute(nodes, {
    ids: [method, UNKNOWN_ID, customer, 'x', address, '', customer.toUpperCase()],
  });

  expect(answer.expectData().nodes).toEqual([
    { id: method, __typename: 'PaymentMethod' },
    null,
    { id: customer, __typename: 'Customer' },
    null,
    { id: address, __typename: 'Address' },
    null,
    { id: customer, __typename: 'Customer' },
  ]);
});

test('gives the same field of two types under one alias', async () => {
  const { customer, address } = await anOwnerOfAll();

  const answer = await vault.owner.execute(
    `query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Customer { text: name at: createdAt } ... on Address { text: label at: updatedAt } }
    }`,
    { ids: [customer, address] },
  );

  const { createdAt, addresses } = await theCustomer(vault.owner, customer);
  expect(answer.expectData().nodes).toEqual([
    { text: 'Node', at: createdAt },
    { text: 'Home', at: addresses[0].updatedAt },
  ]);
});

test.each([
  [0, 0],
  [100, 100],
])('takes %i ids', async (count) => {
  const answer = await vault.owner.execute(nodes, { ids: Array(count).fill(UNKNOWN_ID) });

  expect(answer.expectData().nodes).toEqual(Array(count).fill(null));
});

test('refuses 101 ids', async () => {
  const answer = await vault.owner.execute(nodes, { ids: Array(101).fill(UNKNOWN_ID) });

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['nodes'] }]);
  expect(answer.body.data).toEqual({ nodes: null });
});

test("answers a malformed id and a stranger's as ones that were never given out", async () => {
  const { customer, address, method } = await anOwnerOfAll();

  const never = await vault.stranger.execute(node, { id: UNKNOWN_ID });

  expect(never.expectData()).toEqual({ node: null });
  for (const id of [customer, address, method, '', 'x', '\u0000', 'f'.repeat(25), 'g'.repeat(24)]) {
    expect(withoutRequestId(await vault.stranger.execute(node, { id }))).toBe(withoutRequestId(never));
  }
});

test('gives of a mixed list only what is the own', async () => {
  const { customer, address, method } = await anOwnerOfAll();
  const own = await aCustomer(vault.stranger);

  const answer = await vault.stranger.execute(nodes, { ids: [customer, own.id, address, method] });

  expect(answer.expectData().nodes).toEqual([null, { id: own.id, __typename: 'Customer' }, null, null]);
});

test('finds the own merchant, and no other one', async () => {
  const answer = await vault.owner.execute(node, { id: vault.ownerId });
  const strangers = await vault.stranger.execute(node, { id: vault.ownerId });

  expect(answer.expectData()).toEqual({ node: { __typename: 'Merchant', id: vault.ownerId } });
  expect(strangers.expectData()).toEqual({ node: null });
});
