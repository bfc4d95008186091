import { changed } from '../support/changes.js';
import { tickingClock } from '../support/clock.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: tickingClock() });
});

afterAll(() => vault.close());

const LIST = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  customer(id: $id) {
    id
    paymentMethods(first: $first, after: $after, last: $last, before: $before) {
      nodes { id }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
}`;

/** A customer with so many payment methods, given as the list has them: the first to be linked, then newest first. */
async function aCustomerWith(count: number, client = vault.owner) {
  const { id } = await aCustomer(client);
  const ids: string[] = [];
  for (let linked = 0; linked < count; linked += 1) ids.push((await aPaymentMethod(client, id)).id);
  const [first = '', ...others] = ids;
  return { id, listed: [first, ...others.toReversed()] };
}

async function list(id: string, args: object = {}) {
  const answer = await vault.owner.execute(LIST, { id, ...args });
  const { nodes, edges, pageInfo, totalCount } = answer.expectData().customer.paymentMethods;
  expect(edges.map(({ node }: { node: object }) => node)).toEqual(nodes);
  return {
    ids: nodes.map((node: { id: string }) => node.id),
    cursors: edges.map(({ cursor }: { cursor: string }) => cursor),
    pageInfo,
    totalCount,
  };
}

test('lists the default first and then the newest first', async () => {
  const { id, listed } = await aCustomerWith(4);

  const { ids, cursors, pageInfo, totalCount } = await list(id);

  expect(ids).toEqual(listed);
  expect(new Set(cursors).size).toBe(4);
  expect(pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: cursors[0],
    endCursor: cursors[3],
  });
  expect(totalCount).toBe(4);
});

test('lists the newest first when there is no default', async () => {
  const { id, listed } = await aCustomerWith(4);
  await changed(vault.owner, 'unlinkPaymentMethod', { id: listed[0] });

  const { ids } = await list(id);

  expect(ids).toEqual(listed.slice(1));
});

test('gives an empty list of a customer without payment methods', async () => {
  const { id } = await aCustomer(vault.owner);

  const page = await list(id);

  expect(page).toEqual({
    ids: [],
    cursors: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    totalCount: 0,
  });
});

test('gives 20 when nothing or null is said, and 100 when asked for', async () => {
  const { id, listed } = await aCustomerWith(22);

  const pages = [await list(id), await list(id, { first: null, last: null }), await list(id, { first: 100 })];

  expect(pages.map(({ ids }) => ids)).toEqual([listed.slice(0, 20), listed.slice(0, 20), listed]);
  expect(pages.map(({ totalCount }) => totalCount)).toEqual([22, 22, 22]);
});

test('tells on every page forward whether more follow', async () => {
  const { id, listed } = await aCustomerWith(5);

  const one = await list(id, { first: 2 });
  const two = await list(id, { first: 2, after: one.pageInfo.endCursor });
  const three = await list(id, { first: 2, after: two.pageInfo.endCursor });

  expect([one.ids, two.ids, three.ids]).toEqual([listed.slice(0, 2), listed.slice(2, 4), listed.slice(4)]);
  expect([one, two, three].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
  expect([one, two, three].map(({ totalCount }) => totalCount)).toEqual([5, 5, 5]);
});

test('tells on every page backward whether more go before', async () => {
  const { id, listed } = await aCustomerWith(5);

  const one = await list(id, { last: 2 });
  const two = await list(id, { last: 2, before: one.pageInfo.startCursor });
  const three = await list(id, { last: 2, before: two.pageInfo.startCursor });

  expect([one.ids, two.ids, three.ids]).toEqual([listed.slice(3), listed.slice(1, 3), listed.slice(0, 1)]);
  expect([one, two, three].map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([true, true, false]);
});

test('gives nothing before the first and nothing after the last', async () => {
  const { id } = await aCustomerWith(3);
  const { cursors } = await list(id);

  const before = await list(id, { last: 10, before: cursors[0] });
  const after = await list(id, { first: 10, after: cursors[2] });

  expect([before.ids, after.ids]).toEqual([[], []]);
});

test('goes on after a cursor whose payment method was unlinked', async () => {
  const { id, listed } = await aCustomerWith(5);
  const { cursors } = await list(id);
  await changed(vault.owner, 'unlinkPaymentMethod', { id: listed[2] });

  const forward = await list(id, { first: 10, after: cursors[2] });
  const backward = await list(id, { last: 10, before: cursors[2] });

  expect(forward.ids).toEqual(listed.slice(3));
  expect(backward.ids).toEqual(listed.slice(0, 2));
});

test('goes on after the cursor of a default that was unlinked', async () => {
  const { id, listed } = await aCustomerWith(3);
  const { cursors } = await list(id);
  await changed(vault.owner, 'unlinkPaymentMethod', { id: listed[0] });

  const { ids } = await list(id, { first: 10, after: cursors[0] });

  expect(ids).toEqual(listed.slice(1));
});

test.each([{ first: 0 }, { first: -1 }, { first: 101 }, { last: 0 }, { last: 101 }, { first: 1, last: 1 }])(
  'refuses %j at the field and serves the rest',
  async (args) => {
    const { id } = await aCustomer(vault.owner);

    const answer = await vault.owner.execute(LIST, { id, ...args });

    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ customer: { id, paymentMethods: null } });
    expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customer', 'paymentMethods'] }]);
  },
);

test('refuses cursors that were changed, made up or come from elsewhere, and serves the rest', async () => {
  const { id } = await aCustomerWith(3);
  const theirs = await aCustomerWith(1, vault.stranger);
  const [cursor = ''] = (await list(id)).cursors;
  const customers = await vault.owner.execute('{ customers(first: 1) { edges { cursor } } }');
  const foreign = await vault.stranger.execute(LIST, { id: theirs.id });
  const middle = Math.floor(cursor.length / 2);
  const cursors = [
    'made up',
    Buffer.from('["payment-methods",0,"2030-01-01T00:00:00.000Z","x"]').toString('base64url'),
    `${cursor.slice(0, middle)}${cursor[middle] === 'A' ? 'B' : 'A'}${cursor.slice(middle + 1)}`,
    cursor.slice(0, -4),
    customers.expectData().customers.edges[0].cursor,
    foreign.expectData().customer.paymentMethods.edges[0].cursor,
  ];

  const answers = await Promise.all(
    cursors.flatMap((text) => [
      vault.owner.execute(LIST, { id, first: 2, after: text }),
      vault.owner.execute(LIST, { id, last: 2, before: text }),
    ]),
  );

  expect(answers.map(({ body }) => body.data)).toEqual(
    Array(12).fill({ customer: { id, paymentMethods: null } }),
  );
  expect(answers.map((answer) => answer.expectErrors())).toEqual(
    Array(12).fill([{ code: 'BAD_USER_INPUT', path: ['customer', 'paymentMethods'] }]),
  );
  expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('made up');
});

test('gives each alias the page of its own arguments', async () => {
  const { id, listed } = await aCustomerWith(2);
  const account = await aPaymentMethod(vault.owner, id, { tokenize: anAccount() });
  const [first, second] = listed;

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      customer(id: $id) {
        all: paymentMethods { nodes { id } }
        one: paymentMethods(first: 1) { nodes { id } pageInfo { hasNextPage } }
        end: paymentMethods(last: 1) { nodes { id label } }
        accounts: paymentMethods(filter: { type: ACH }) { nodes { id type } totalCount }
        cards: paymentMethods(filter: { type: CARD }, first: 1) { totalCount nodes { id } }
        wrong: paymentMethods(first: 1000) { totalCount }
      }
    }`,
    { id },
  );

  expect(answer.body.data.customer).toEqual({
    all: { nodes: [{ id: first }, { id: account.id }, { id: second }] },
    one: { nodes: [{ id: first }], pageInfo: { hasNextPage: true } },
    end: { nodes: [{ id: second, label: null }] },
    accounts: { nodes: [{ id: account.id, type: 'ACH' }], totalCount: 1 },
    cards: { totalCount: 2, nodes: [{ id: first }] },
    wrong: null,
  });
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customer', 'wrong'] }]);
});

test('gives cursors and counts when nothing else is asked for', async () => {
  const { id } = await aCustomerWith(2);

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      customer(id: $id) {
        counted: paymentMethods(first: 1) { totalCount }
        cursors: paymentMethods(first: 2) { edges { cursor } }
      }
    }`,
    { id },
  );

  expect(answer.expectData().customer).toEqual({
    counted: { totalCount: 2 },
    cursors: { edges: [{ cursor: expect.any(String) }, { cursor: expect.any(String) }] },
  });
});

test('shows what a link acknowledged in the very next list', async () => {
  const { id } = await aCustomerWith(1);

  for (const lastFour of ['0001', '0002', '0003', '0004', '0005']) {
    const linked = await aPaymentMethod(vault.owner, id, { tokenize: aCard({ lastFour }) });
    expect((await list(id)).ids[1]).toBe(linked.id);
  }
});

test('lists the payment methods of each of several customers below their own', async () => {
  const one = await aCustomerWith(2);
  const two = await aCustomerWith(3);

  const answer = await vault.owner.execute(
    `query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Customer { id paymentMethods(first: 2) { totalCount nodes { id } } } }
    }`,
    { ids: [two.id, one.id] },
  );

  expect(answer.expectData().nodes).toEqual(
    [two, one].map(({ id, listed }) => ({
      id,
      paymentMethods: { totalCount: listed.length, nodes: listed.slice(0, 2).map((each) => ({ id: each })) },
    })),
  );
});
