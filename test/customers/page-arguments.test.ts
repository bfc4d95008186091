import type { Answer, Client } from '../support/client.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { aKey, aPartner } from '../support/keys.js';
import { startVault } from '../support/vault.js';
import { aMerchant, withoutRequestId } from './factories.js';

const list = `query (
  $first: Int, $after: String, $last: Int, $before: String, $orderBy: CustomerOrder, $filter: CustomerFilter
) {
  customers(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, filter: $filter) {
    edges { cursor node { id } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

const vault = await startVault();

afterAll(() => vault.close());

/** The ids, oldest first, of a merchant's only customers. */
async function aMerchantWith(count: number) {
  const owner = await aMerchant(vault);
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await aCustomer(owner, { name: `Number ${at}` })).id);
  return { owner, ids };
}

function idsOf(answer: Answer<{ customers: { nodes: { id: string }[] } }>): string[] {
  return answer.expectData().customers.nodes.map(({ id }) => id);
}

test('gives an empty page of no customers', async () => {
  const owner = await aMerchant(vault);

  const answer = await owner.execute(list);

  expect(answer.expectData().customers).toEqual({
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    totalCount: 0,
  });
});

test('gives the newest 20 first, with edges, cursors and the count of all', async () => {
  const { owner, ids } = await aMerchantWith(22);

  const answers = [
    await owner.execute(list),
    await owner.execute(list, {
      first: null,
      last: null,
      after: null,
      before: null,
      filter: null,
      orderBy: null,
    }),
    await owner.execute(list, { orderBy: { field: 'CREATED_AT', direction: 'DESC' } }),
  ];

  const newest = ids.toReversed().slice(0, 20);
  for (const answer of answers) {
    const { edges, nodes, pageInfo, totalCount } = answer.expectData().customers;
    expect(nodes).toEqual(newest.map((id) => ({ id })));
    expect(edges).toEqual(newest.map((id) => ({ node: { id }, cursor: expect.any(String) })));
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: edges[0].cursor,
      endCursor: edges[19].cursor,
    });
    expect(totalCount).toBe(22);
  }
});

test('counts all that the filter lets through, wherever the page is', async () => {
  const { owner } = await aMerchantWith(3);
  await aCustomer(owner, { name: 'Else' });

  const answer = await owner.execute(list, { first: 1, filter: { search: 'number' } });

  const { nodes, totalCount } = answer.expectData().customers;
  expect(nodes).toHaveLength(1);
  expect(totalCount).toBe(3);
});

test.each([
  ['first 1', { first: 1 }, [4], true, false],
  ['first 5, which is all', { first: 5 }, [4, 3, 2, 1, 0], false, false],
  ['first 100', { first: 100 }, [4, 3, 2, 1, 0], false, false],
  ['last 2', { last: 2 }, [1, 0], false, true],
  ['last 5, which is all', { last: 5 }, [4, 3, 2, 1, 0], false, false],
  ['last 100', { last: 100 }, [4, 3, 2, 1, 0], false, false],
  [
    'first 2 oldest first',
    { first: 2, orderBy: { field: 'CREATED_AT', direction: 'ASC' } },
    [0, 1],
    true,
    false,
  ],
  [
    'last 2 oldest first',
    { last: 2, orderBy: { field: 'CREATED_AT', direction: 'ASC' } },
    [3, 4],
    false,
    true,
  ],
])('gives of five customers the %s', async (_, page, expected, hasNextPage, hasPreviousPage) => {
  const { owner, ids } = await aMerchantWith(5);

  const answer = await owner.execute(list, page);

  expect(idsOf(answer)).toEqual(expected.map((at) => ids[at]));
  expect(answer.expectData().customers.pageInfo).toMatchObject({ hasNextPage, hasPreviousPage });
});

test('goes on after and before a cursor, which every edge has', async () => {
  const { owner, ids } = await aMerchantWith(5);
  const [newest, , middle, , oldest] = (await owner.execute(list)).expectData().customers.edges;

  const answers = [
    await owner.execute(list, { first: 1, after: middle.cursor }),
    await owner.execute(list, { after: middle.cursor }),
    await owner.execute(list, { last: 1, before: middle.cursor }),
    await owner.execute(list, { last: 2, before: middle.cursor }),
    await owner.execute(list, { first: 1, after: oldest.cursor }),
    await owner.execute(list, { last: 1, before: newest.cursor }),
  ];

  expect(answers.map(idsOf)).toEqual([[ids[1]], [ids[1], ids[0]], [ids[3]], [ids[4], ids[3]], [], []]);
  const ends = answers.map((answer) => answer.expectData().customers.pageInfo);
  expect(ends.map(({ hasPreviousPage, hasNextPage }) => [hasPreviousPage, hasNextPage])).toEqual([
    [true, true],
    [true, false],
    [true, true],
    [false, true],
    [true, false],
    [false, true],
  ]);
});

test.each([
  { first: 0 },
  { first: 101 },
  { first: -1 },
  { first: -2_147_483_648 },
  { last: 0 },
  { last: 101 },
  { last: -1 },
  { first: 1, last: 1 },
])('refuses the page %j', async (page) => {
  const answer = await vault.owner.execute(list, page);

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
  expect(answer.body.data).toEqual({ customers: null });
});

test.each([
  { first: '5' },
  { first: 1.5 },
  { first: 3_000_000_000 },
  { after: 7 },
  { orderBy: 'NAME_OF_PET' },
])('refuses the page %j, of the wrong type, without repeating it', async (page) => {
  const answer = await vault.owner.execute(list, page);

  expect(answer.status).toBe(400);
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
  expect(answer.body.errors?.[0]?.message).not.toContain(String(Object.values(page)[0]));
});

test('refuses a cursor that was changed in any of its characters', async () => {
  const { owner } = await aMerchantWith(2);
  const { endCursor } = (await owner.execute(list, { first: 1 })).expectData().customers.pageInfo;
  const changes = [...endCursor].map((character, at) => {
    const other = character === 'A' ? 'B' : 'A';
    return endCursor.slice(0, at) + other + endCursor.slice(at + 1);
  });
  expect(changes.length).toBeGreaterThan(50);

  const answers = await Promise.all(changes.map((after) => owner.execute(list, { first: 1, after })));

  for (const answer of answers) {
    expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
  }
});

test('takes an empty cursor for none, on every connection, in the document and in variables', async () => {
  const { owner, ids } = await aMerchantWith(2);
  const partner = await aPartner(vault);
  await aPaymentMethod(owner, ids[0] as string);
  const lists: [Client, (page: string) => string][] = [
    [owner, (page) => `customers(${page}) { nodes { id } }`],
    [
      owner,
      (page) =>
        `customer(id: "${ids[0]}") { paymentMethods(${page}, filter: { usable: true }) { nodes { id } } }`,
    ],
    [owner, (page) => `customer(id: "${ids[0]}") { paymentMethods(${page}) { nodes { id } totalCount } }`],
    [owner, (page) => `apiKeys(${page}) { nodes { id } }`],
    [partner.actingFor(), (page) => `merchants(${page}) { nodes { id } }`],
  ];
  await aKey(vault, { partnerId: partner.id });

  for (const [caller, listOf] of lists) {
    const first = JSON.stringify((await caller.execute(`{ ${listOf('first: 5')} }`)).expectData());
    const last = JSON.stringify((await caller.execute(`{ ${listOf('last: 5')} }`)).expectData());
    expect(first).toMatch(/"nodes":\[\{"id"/);
    const answers = [
      await caller.execute(`{ ${listOf('first: 5, after: ""')} }`),
      await caller.execute(`query ($none: String) { ${listOf('first: 5, after: $none')} }`, { none: '' }),
      await caller.execute(`{ ${listOf('first: 5, after: "", before: ""')} }`),
      await caller.execute(`{ ${listOf('last: 5, before: ""')} }`),
      await caller.execute(`query ($none: String) { ${listOf('last: 5, before: $none, after: $none')} }`, {
        none: '',
      }),
    ];
    expect(answers.map((answer) => JSON.stringify(answer.expectData()))).toEqual([
      first,
      first,
      first,
      last,
      last,
    ]);
  }
});

test('refuses what is no cursor without repeating it', async () => {
  const { owner } = await aMerchantWith(2);
  const { endCursor } = (await owner.execute(list, { first: 1 })).expectData().customers.pageInfo;
  const nonsense = [' ', 'Xanadu', endCursor.slice(1), `${endCursor}A`, ` ${endCursor}`, `${endCursor}==`];

  const answers = [
    ...(await Promise.all(nonsense.map((after) => owner.execute(list, { after })))),
    ...(await Promise.all(nonsense.map((before) => owner.execute(list, { last: 1, before })))),
    await owner.execute(list, { after: 'x'.repeat(100_000) }),
  ];

  for (const answer of answers) {
    expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
    expect(JSON.stringify(answer.body)).not.toMatch(/Xanadu|xxx/);
  }
});

test.each([
  ['CREATED_AT', 'ASC'],
  ['UPDATED_AT', 'ASC'],
  ['UPDATED_AT', 'DESC'],
])('refuses a cursor of the default order in the order %s %s', async (field, direction) => {
  const { owner } = await aMerchantWith(2);
  const { endCursor } = (await owner.execute(list, { first: 1 })).expectData().customers.pageInfo;

  const answer = await owner.execute(list, { after: endCursor, orderBy: { field, direction } });

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
});

test('refuses a cursor of the payment methods, and there one of the customers', async () => {
  const { owner, ids } = await aMerchantWith(1);
  await aPaymentMethod(owner, ids[0] as string);
  const both = `query ($id: ID!, $a: String, $b: String) {
    customer(id: $id) { paymentMethods(after: $a) { pageInfo { endCursor } } }
    customers(after: $b) { pageInfo { endCursor } }
  }`;
  const { customer, customers } = (await owner.execute(both, { id: ids[0] })).expectData();

  const answer = await owner.execute(both, {
    id: ids[0],
    a: customers.pageInfo.endCursor,
    b: customer.paymentMethods.pageInfo.endCursor,
  });

  expect(answer.expectErrors()).toHaveLength(2);
  expect(answer.expectErrors()).toEqual(
    expect.arrayContaining([
      { code: 'BAD_USER_INPUT', path: ['customer', 'paymentMethods'] },
      { code: 'BAD_USER_INPUT', path: ['customers'] },
    ]),
  );
});

test("answers another merchant's cursor as one that never was", async () => {
  const { owner } = await aMerchantWith(2);
  const { endCursor } = (await owner.execute(list, { first: 1 })).expectData().customers.pageInfo;
  const bytes = Buffer.from(endCursor, 'base64url');
  const neverWas = bytes.fill(7, bytes.length - 16).toString('base64url');

  const answer = await vault.stranger.execute(list, { after: endCursor });

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customers'] }]);
  expect(withoutRequestId(answer)).toBe(
    withoutRequestId(await vault.stranger.execute(list, { after: neverWas })),
  );
});

test('goes on from a cursor whose customer is gone', async () => {
  const { owner, ids } = await aMerchantWith(5);
  const { edges } = (await owner.execute(list)).expectData().customers;
  await owner.execute('mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }', {
    id: ids[2],
  });

  const answers = [
    await owner.execute(list, { after: edges[2].cursor }),
    await owner.execute(list, { last: 20, before: edges[2].cursor }),
  ];

  expect(answers.map(idsOf)).toEqual([
    [ids[1], ids[0]],
    [ids[4], ids[3]],
  ]);
});

test('shows a merchant nothing of another', async () => {
  const { owner, ids } = await aMerchantWith(2);
  const other = await aMerchantWith(1);

  const answers = [await owner.execute(list), await other.owner.execute(list)];

  expect(answers.map(idsOf)).toEqual([ids.toReversed(), other.ids]);
  expect(answers.map((answer) => answer.expectData().customers.totalCount)).toEqual([2, 1]);
});
