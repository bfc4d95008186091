import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant, theCustomer, UNKNOWN_ID } from './factories.js';

const list = `{
  customers(orderBy: { field: CREATED_AT, direction: ASC }) {
    edges { cursor node { id token version createdAt name email phone reference metadata addresses { label } } }
    totalCount
  }
}`;
const sealedFields = ['name', 'email', 'phone', 'reference', 'metadata'];

const vault = await startVault();

afterAll(() => vault.close());

/** Three customers of one merchant, the oldest first. */
async function threeCustomers() {
  const owner = await aMerchant(vault);
  const ids: string[] = [];
  for (const name of ['One', 'Two', 'Three']) {
    const email = `${name}@example.com`;
    ids.push(
      (await aCustomer(owner, { name, email, metadata: { of: name }, addresses: [{ label: name }] })).id,
    );
  }
  return { owner, ids: ids as [string, string, string] };
}

/** Replaces a customer's sealed blob, behind the API, by an expression over its row `c`. */
async function damage(id: string, sealed: string): Promise<void> {
  const { rowCount } = await queryAs(
    vault.databaseUrl,
    `update customers c set sealed = ${sealed} where id = $1`,
    [id],
  );
  expect(rowCount).toBe(1);
}

test.each([
  ['with a bit of its text turned', 'set_byte(sealed, 40, get_byte(sealed, 40) # 1)'],
  ['with a bit of its nonce turned', 'set_byte(sealed, 10, get_byte(sealed, 10) # 1)'],
  [
    'with a bit of its tag turned',
    'set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 128)',
  ],
  ['of another format', 'set_byte(sealed, 0, 2)'],
  ['of an unknown key', 'set_byte(sealed, 4, 99)'],
  ['cut short', 'substring(sealed for length(sealed) - 1)'],
  ['cut to a few bytes', 'substring(sealed for 7)'],
  ['of nothing', "''::bytea"],
  ['of zeros', "decode(repeat('00', 200), 'hex')"],
  [
    'of another customer',
    '(select o.sealed from customers o where o.merchant_id = c.merchant_id and o.id <> c.id limit 1)',
  ],
  [
    'of an address of its own',
    '(select a.sealed from addresses a where a.merchant_id = c.merchant_id and a.customer_id = c.id)',
  ],
])('serves the rest of the page where one blob is %s', async (_, sealed) => {
  const { owner, ids } = await threeCustomers();
  const before = (await owner.execute(list)).expectData();
  await damage(ids[1], sealed);

  const answer = await owner.execute(list);

  const [one, two, three] = before.customers.edges;
  const unreadable = Object.fromEntries(sealedFields.map((field) => [field, null]));
  expect(answer.status).toBe(200);
  expect(answer.body.data).toEqual({
    customers: { edges: [one, { ...two, node: { ...two.node, ...unreadable } }, three], totalCount: 3 },
  });
  const errors = sealedFields.map((field) => ({
    code: 'INTERNAL_SERVER_ERROR',
    path: ['customers', 'edges', 1, 'node', field],
  }));
  expect(answer.expectErrors()).toHaveLength(errors.length);
  expect(answer.expectErrors()).toEqual(expect.arrayContaining(errors));
});

test('swapped blobs of two customers show neither of them in the place of the other', async () => {
  const { owner, ids } = await threeCustomers();
  const [one, two, three] = ids;
  await queryAs(
    vault.databaseUrl,
    `update customers c set sealed = o.sealed from customers o
     where o.merchant_id = c.merchant_id and (c.id, o.id) in (($1, $2), ($2, $1))`,
    [one, two],
  );

  const answer = await owner.execute(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Customer { name } } }',
    {
      ids,
    },
  );

  expect(answer.body.data).toEqual({
    nodes: [
      { id: one, name: null },
      { id: two, name: null },
      { id: three, name: 'Three' },
    ],
  });
  expect(answer.expectErrors().toSorted((a, b) => (`${a.path}` < `${b.path}` ? -1 : 1))).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['nodes', 0, 'name'] },
    { code: 'INTERNAL_SERVER_ERROR', path: ['nodes', 1, 'name'] },
  ]);
});

test('says no more than "internal" of a blob that does not open, and leaves the reason to the log', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], 'set_byte(sealed, 40, get_byte(sealed, 40) # 1)');

  const answer = await owner.execute('query ($id: ID!) { customer(id: $id) { name } }', { id: ids[0] });

  const [error] = answer.body.errors ?? [];
  expect(error?.message).toBe('Something went wrong on our side.');
  expect(Object.keys(error?.extensions ?? {})).toEqual(['code']);
  const logged = vault
    .logged()
    .split('\n')
    .filter((line) => line.includes(answer.body.extensions.requestId));
  expect(logged.join('\n')).toContain('IntegrityError');
});

test('answers without an error where nothing sealed is asked of the damaged customer', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], "''::bytea");
  const query = `query ($id: ID!) {
    customer(id: $id) { id token version createdAt updatedAt addresses { label } paymentMethods { totalCount } }
  }`;

  const answer = await owner.execute(query, { id: ids[0] });

  expect(answer.expectData().customer).toMatchObject({
    id: ids[0],
    version: 1,
    addresses: [{ label: 'One' }],
  });
});

test('still finds the damaged customer by what it was, and its addresses lead to it', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], "''::bytea");

  const answer = await owner.execute(`{
    bySearch: customers(filter: { search: "one" }) { nodes { id addresses { label customer { version } } } }
    byEmail: customers(filter: { email: "one@example.com" }) { nodes { id version } }
  }`);

  expect(answer.expectData()).toEqual({
    bySearch: { nodes: [{ id: ids[0], addresses: [{ label: 'One', customer: { version: 1 } }] }] },
    byEmail: { nodes: [{ id: ids[0], version: 1 }] },
  });
});

test('does not update a damaged customer, which would lose what it held', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], 'set_byte(sealed, 40, get_byte(sealed, 40) # 1)');
  const row = 'select * from customers where id = $1';
  const before = (await queryAs(vault.databaseUrl, row, [ids[0]])).rows;

  const answer = await owner.execute(
    'mutation ($id: ID!) { updateCustomer(input: { id: $id, name: "New" }) { customer { id } userErrors { code } } }',
    { id: ids[0] },
  );

  expect(answer.expectErrors()).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: ['updateCustomer'] }]);
  expect(answer.body.data).toEqual({ updateCustomer: null });
  expect((await queryAs(vault.databaseUrl, row, [ids[0]])).rows).toEqual(before);
});

test('deletes a damaged customer', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], "''::bytea");

  const answer = await owner.execute(
    'mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId userErrors { code } } }',
    { id: ids[0] },
  );

  expect(answer.expectData().deleteCustomer).toEqual({ deletedCustomerId: ids[0], userErrors: [] });
  expect(await theCustomer(owner, ids[0])).toBeNull();
  expect(await theCustomer(owner, ids[1])).toMatchObject({ name: 'Two' });
});

test('lets an address be damaged without hiding its customer or the other addresses', async () => {
  const owner = await aMerchant(vault);
  const { id, addresses } = await aCustomer(owner, {
    name: 'Whole',
    addresses: [{ label: 'A' }, { label: 'B' }],
  });
  await queryAs(vault.databaseUrl, "update addresses set sealed = '' where id = $1", [addresses[0]?.id]);

  const answer = await owner.execute(
    'query ($id: ID!) { customer(id: $id) { name addresses { id label isDefault } } }',
    { id },
  );

  expect(answer.body.data).toEqual({
    customer: {
      name: 'Whole',
      addresses: [
        { id: addresses[0]?.id, label: null, isDefault: true },
        { id: addresses[1]?.id, label: 'B', isDefault: false },
      ],
    },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['customer', 'addresses', 0, 'label'] },
  ]);
});

test('tells a damaged customer apart from one that never existed', async () => {
  const { owner, ids } = await threeCustomers();
  await damage(ids[0], "''::bytea");

  const answer = await owner.execute(
    'query ($id: ID!, $never: ID!) { damaged: customer(id: $id) { version } never: customer(id: $never) { version } }',
    { id: ids[0], never: UNKNOWN_ID },
  );

  expect(answer.expectData()).toEqual({ damaged: { version: 1 }, never: null });
});
