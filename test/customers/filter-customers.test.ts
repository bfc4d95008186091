import { setTimeout } from 'node:timers/promises';
import type { Client } from '../support/client.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant } from './factories.js';

const list = `query ($filter: CustomerFilter) {
  customers(filter: $filter, first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
    nodes { id name }
    totalCount
  }
}`;

const vault = await startVault();

afterAll(() => vault.close());

/** The names of the customers that a filter lets through; their count is right too. */
async function namesOf(client: Client, filter: object | null): Promise<string[]> {
  const { nodes, totalCount } = (await client.execute(list, { filter })).expectData().customers;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ name }: { name: string }) => name).toSorted();
}

async function aMerchantWith(...inputs: readonly object[]): Promise<Client> {
  const owner = await aMerchant(vault);
  await Promise.all(inputs.map((input) => aCustomer(owner, input)));
  return owner;
}

const people = await aMerchantWith(
  {
    name: 'Ann',
    email: 'Ann@Bücher.example',
    phone: '+1 (555) 123-4567',
    reference: 'A-1',
    metadata: { tier: 'gold', city: 'Rome' },
  },
  {
    name: 'Ben',
    email: 'ben@example.com',
    phone: '1 555 123 4567',
    reference: 'a-1',
    metadata: { tier: 'gold' },
  },
  {
    name: 'Cat',
    email: 'BEN@EXAMPLE.COM',
    phone: '5551234567x8',
    metadata: { tier: 'silver', city: 'Rome' },
  },
  { name: 'Dan', reference: 'Zoë' },
);

test.each([
  [{}, ['Ann', 'Ben', 'Cat', 'Dan']],
  [null, ['Ann', 'Ben', 'Cat', 'Dan']],
  [{ search: null, email: null, phone: null, reference: null, metadata: null }, ['Ann', 'Ben', 'Cat', 'Dan']],
  [
    { createdAt: null, updatedAt: {}, hasDefaultPaymentMethod: null, paymentMethod: null },
    ['Ann', 'Ben', 'Cat', 'Dan'],
  ],
  [{ email: 'ben@example.com' }, ['Ben', 'Cat']],
  [{ email: ' Ben@Example.Com ' }, ['Ben', 'Cat']],
  [{ email: 'ann@bücher.example' }, ['Ann']],
  [{ email: 'ANN@XN--BCHER-KVA.EXAMPLE' }, ['Ann']],
  [{ email: 'ann@BU\u0308CHER.example' }, ['Ann']],
  [{ email: 'en@example.com' }, []],
  [{ email: 'ben@example.co' }, []],
  [{ email: '%@example.com' }, []],
  [{ phone: '+15551234567' }, ['Ann']],
  [{ phone: '+1.555.123.4567' }, ['Ann']],
  [{ phone: '15551234567' }, ['Ben']],
  [{ phone: '(1) 555-123-4567' }, ['Ben']],
  [{ phone: '55512345678' }, ['Cat']],
  [{ phone: '5551234567' }, []],
  [{ reference: 'A-1' }, ['Ann']],
  [{ reference: ' a-1\n' }, ['Ben']],
  [{ reference: 'Zoe\u0308' }, ['Dan']],
  [{ reference: 'A-' }, []],
  [{ reference: 'A-_' }, []],
  [{ metadata: [{ key: 'tier', value: 'gold' }] }, ['Ann', 'Ben']],
  [{ metadata: [{ key: ' tier', value: 'gold ' }] }, ['Ann', 'Ben']],
  [
    {
      metadata: [
        { key: 'city', value: 'Rome' },
        { key: 'tier', value: 'gold' },
      ],
    },
    ['Ann'],
  ],
  [
    {
      metadata: [
        { key: 'tier', value: 'silver' },
        { key: 'tier', value: 'gold' },
      ],
    },
    [],
  ],
  [{ metadata: [] }, ['Ann', 'Ben', 'Cat', 'Dan']],
  [{ metadata: [{ key: 'tier', value: 'Gold' }] }, []],
  [{ metadata: [{ key: 'TIER', value: 'gold' }] }, []],
  [{ metadata: [{ key: 'tier', value: 'gol' }] }, []],
  [{ metadata: [{ key: 'gold', value: 'tier' }] }, []],
  [{ metadata: [{ key: 'tier', value: '' }] }, []],
  [{ email: 'ben@example.com', metadata: [{ key: 'city', value: 'Rome' }] }, ['Cat']],
  [{ email: 'ben@example.com', phone: '15551234567', reference: 'a-1', search: 'ben' }, ['Ben']],
  [{ email: 'ben@example.com', phone: '+15551234567' }, []],
  [{ search: 'example', metadata: [{ key: 'tier', value: 'gold' }] }, ['Ann', 'Ben']],
])('lets through %j the customers %j', async (filter, expected) => {
  expect(await namesOf(people, filter)).toEqual(expected);
});

test.each([
  { search: 'paged' },
  { email: 'paged@example.com' },
  { metadata: [{ key: 'kind', value: 'paged' }] },
  { hasDefaultPaymentMethod: false, search: 'paged' },
])('says the same total on every page of %j, in each order, from each end', async (filter) => {
  const owner = await aMerchantWith(
    ...['A', 'B', 'C', 'D', 'E'].map((name) => ({
      name: `${name} Paged`,
      email: 'paged@example.com',
      metadata: { kind: 'paged' },
    })),
    { name: 'Other' },
  );
  const walk = async (page: object, order: object) => {
    const { nodes, totalCount, pageInfo } = (
      await owner.execute(
        `query ($filter: CustomerFilter, $order: CustomerOrder, $first: Int, $after: String, $last: Int, $before: String) {
          customers(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
            nodes { id name } totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
          }
        }`,
        { filter, order, ...page },
      )
    ).expectData().customers;
    return { names: nodes.map(({ name }: { name: string }) => name), totalCount, ...pageInfo };
  };
  for (const field of ['CREATED_AT', 'UPDATED_AT']) {
    for (const direction of ['ASC', 'DESC']) {
      const order = { field, direction };
      const all = await walk({ first: 10 }, order);
      const first = await walk({ first: 3 }, order);
      const rest = await walk({ first: 3, after: first.endCursor }, order);
      const behind = await walk({ first: 3, after: rest.endCursor }, order);
      const last = await walk({ last: 2 }, order);
      const before = await walk({ last: 2, before: last.startCursor }, order);

      expect([...first.names, ...rest.names]).toEqual(all.names);
      expect([...before.names, ...last.names]).toEqual(all.names.slice(1));
      expect(behind.names).toEqual([]);
      expect([all, first, rest, behind, last, before].map(({ totalCount }) => totalCount)).toEqual(
        new Array(6).fill(5),
      );
      expect([first.hasNextPage, rest.hasNextPage, before.hasPreviousPage]).toEqual([true, false, true]);
    }
  }
});

test.each([
  { email: '' },
  { email: 'ben' },
  { email: 'ben@' },
  { phone: '' },
  { phone: 'call me' },
  { phone: '+' },
  { reference: '' },
  { reference: 'r'.repeat(5_000) },
  { metadata: Array.from({ length: 51 }, () => ({ key: 'tier', value: 'gold' })) },
  { search: '!?' },
])('matches nothing by the value of the wrong form in %j', async (filter) => {
  expect(await namesOf(people, filter)).toEqual([]);
});

test('finds by a value only until it is changed, and then by the new one', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, {
    email: 'old@example.com',
    phone: '111',
    reference: 'old',
    metadata: { a: 'old' },
  });
  const filters = (word: string, phone: string) => [
    { email: `${word}@example.com` },
    { phone },
    { reference: word },
    { metadata: [{ key: 'a', value: word }] },
  ];

  await owner.execute(
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }',
    {
      input: { id, email: 'new@example.com', phone: '222', reference: 'new', metadata: { a: 'new' } },
    },
  );

  for (const filter of filters('new', '222')) expect(await namesOf(owner, filter)).toEqual(['Ada Lovelace']);
  for (const filter of filters('old', '111')) expect(await namesOf(owner, filter)).toEqual([]);
});

test.each(['createdAt', 'updatedAt'])('includes both ends of a range of %s', async (field) => {
  const owner = await aMerchant(vault);
  const at: string[] = [];
  for (const name of ['One', 'Two', 'Three']) {
    const { id } = await aCustomer(owner, { name });
    const { customer } = (
      await owner.execute(`query ($id: ID!) { customer(id: $id) { at: ${field} } }`, { id })
    ).expectData();
    at.push(customer.at);
    await setTimeout(3);
  }
  const [one, two, three] = at as [string, string, string];
  const before = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();
  const after = (instant: string) => new Date(Date.parse(instant) + 1).toISOString();

  const found = await Promise.all(
    [
      { from: one, to: three },
      { from: two },
      { to: two },
      { from: two, to: two },
      { from: two, to: null },
      { from: after(one), to: before(three) },
      { from: after(two), to: before(two) },
      { from: after(three) },
      { to: before(one) },
      { from: two.replace('Z', '+00:00'), to: new Date(two).toISOString().toLowerCase() },
    ].map((range) => namesOf(owner, { [field]: range })),
  );

  expect(found).toEqual([
    ['One', 'Three', 'Two'],
    ['Three', 'Two'],
    ['One', 'Two'],
    ['Two'],
    ['Three', 'Two'],
    ['Two'],
    [],
    [],
    [],
    ['Two'],
  ]);
});

test.each([
  [{ from: '0000-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' }, 4],
  [{ from: '9999-12-31T23:59:59-23:59' }, 0],
  [{ to: '0000-01-01T00:00:00+23:59' }, 0],
])('takes the far ends of time in %j', async (createdAt, count) => {
  expect(await namesOf(people, { createdAt })).toHaveLength(count);
});

test.each([
  'yesterday77',
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-13-01T00:00:00Z',
  '',
])('refuses the malformed date %j in a variable without repeating it', async (from) => {
  const answer = await people.execute(list, { filter: { createdAt: { from } } });

  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
  if (from !== '') expect(JSON.stringify(answer.body)).not.toContain(from);
});

test('repeats no malformed date that is written into the document', async () => {
  const answer = await people.execute(
    '{ customers(filter: { updatedAt: { to: "yesterday77" } }) { nodes { id } } }',
  );

  expect(answer.status).toBe(400);
  expect(answer.expectErrors()).toHaveLength(1);
  expect(JSON.stringify(answer.body)).not.toContain('yesterday77');
});

test('repeats no value of a filter of the wrong type', async () => {
  const filters = [
    { email: { Xanadu77: 1 } },
    { email: ['Xanadu77'] },
    { paymentMethod: { brand: 'Xanadu77' } },
    'Xanadu77',
  ];

  const answers = await Promise.all(filters.map((filter) => people.execute(list, { filter })));

  for (const answer of answers) {
    expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
    expect(JSON.stringify(answer.body)).not.toContain('Xanadu77');
  }
});

test('finds by payment method: the default one, and what any of them is', async () => {
  const owner = await aMerchant(vault);
  const [none, visa, both, bare] = await Promise.all(
    ['None', 'Visa', 'Both', 'Bare'].map(async (name) => (await aCustomer(owner, { name })).id),
  );
  await aPaymentMethod(owner, visa as string);
  await aPaymentMethod(owner, both as string, {
    tokenize: aCard({ brand: 'MASTERCARD', lastFour: '5454', expiry: { month: 3, year: 2024 } }),
  });
  await aPaymentMethod(owner, both as string, { tokenize: anAccount() });
  await aPaymentMethod(owner, bare as string, { tokenize: anAccount({ verified: false }), isDefault: false });
  expect(none).toBeDefined();

  const found = async (filter: object) => namesOf(owner, filter);

  expect(await found({ hasDefaultPaymentMethod: true })).toEqual(['Both', 'Visa']);
  expect(await found({ hasDefaultPaymentMethod: false })).toEqual(['Bare', 'None']);
  expect(await found({ paymentMethod: {} })).toEqual(['Bare', 'Both', 'Visa']);
  expect(await found({ paymentMethod: { type: 'CARD' } })).toEqual(['Both', 'Visa']);
  expect(await found({ paymentMethod: { type: 'ACH' } })).toEqual(['Bare', 'Both']);
  expect(await found({ paymentMethod: { brand: 'MASTERCARD' } })).toEqual(['Both']);
  expect(await found({ paymentMethod: { lastFour: '4242' } })).toEqual(['Visa']);
  expect(await found({ paymentMethod: { lastFour: '6789' } })).toEqual(['Bare', 'Both']);
  expect(await found({ paymentMethod: { expiresBefore: '2024-04' } })).toEqual(['Both']);
  expect(await found({ paymentMethod: { expiresBefore: '2024-03' } })).toEqual([]);
  expect(await found({ paymentMethod: { expiresBefore: '2036-01' } })).toEqual(['Both', 'Visa']);
  expect(await found({ paymentMethod: { usable: true } })).toEqual(['Both', 'Visa']);
  expect(await found({ paymentMethod: { usable: false } })).toEqual(['Bare', 'Both']);
  // One and the same payment method meets all conditions.
  expect(await found({ paymentMethod: { usable: true, type: 'CARD' } })).toEqual(['Visa']);
  expect(await found({ paymentMethod: { brand: 'MASTERCARD', lastFour: '6789' } })).toEqual([]);
  expect(await found({ paymentMethod: { type: 'ACH' }, hasDefaultPaymentMethod: false })).toEqual(['Bare']);
  expect(await found({ paymentMethod: { type: 'CARD' }, search: 'both' })).toEqual(['Both']);
});

test.each([
  ['2026-07-01T11:59:59.999Z', ['June']],
  ['2026-07-01T12:00:00.000Z', []],
])('at %s finds as having a usable card %j', async (now, expected) => {
  const timed = await startVault({ now: () => new Date(now) });
  const { id } = await aCustomer(timed.owner, { name: 'June' });
  await aPaymentMethod(timed.owner, id, { tokenize: aCard({ expiry: { month: 6, year: 2026 } }) });

  const usable = await namesOf(timed.owner, { paymentMethod: { usable: true } });
  const unusable = await namesOf(timed.owner, { paymentMethod: { usable: false } });

  await timed.close();
  expect(usable).toEqual(expected);
  expect(unusable).toEqual(expected.length > 0 ? [] : ['June']);
});

test("finds nothing of another merchant's by any filter", async () => {
  await aCustomer(vault.stranger, { name: 'Bystander' });

  for (const filter of [
    { email: 'ben@example.com' },
    { phone: '+15551234567' },
    { reference: 'A-1' },
    { metadata: [{ key: 'tier', value: 'gold' }] },
    { search: 'ann' },
  ]) {
    expect(await namesOf(people, filter)).not.toEqual([]);
    expect(await namesOf(vault.stranger, filter)).toEqual([]);
  }
});

test.each([
  '\u202a+1 (555)\u200e 123\u20114567\u202c',
  'tel:+1-555-123-4567',
  '+١ ٥٥٥ ١٢٣ ٤٥٦٧',
  '＋１（５５５）１２３－４５６７',
  '+1\u00a0555\u202f123 4567',
])('compares the pasted phone number %j as it is cleaned', async (phone) => {
  const merchant = await aMerchant(vault);
  const { id } = await aCustomer(merchant, { name: 'Pasted', phone });

  expect(await namesOf(merchant, { phone })).toEqual(['Pasted']);
  expect(await namesOf(merchant, { phone: '+15551234567' })).toEqual(['Pasted']);
  expect(await namesOf(merchant, { search: phone })).toEqual(['Pasted']);
  const stored = await merchant.execute('query ($id: ID!) { customer(id: $id) { phone } }', { id });
  expect(stored.expectData().customer.phone).toMatch(/^[0-9 +().x-]+$/);
});
