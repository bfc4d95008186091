import { queryAs } from '../support/database.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { customerCount, theCustomer, UNKNOWN_ID, UNKNOWN_TOKEN, withoutRequestId } from './factories.js';

const remove = `mutation ($input: DeleteCustomerInput!) {
  deleteCustomer(input: $input) { deletedCustomerId userErrors { code field message } }
}`;
const lookUp = `query ($id: ID!, $token: ID!, $reference: String!, $address: ID!, $method: ID!, $methodToken: ID!) {
  customer(id: $id) { id }
  customerByToken(token: $token) { id }
  customerByReference(reference: $reference) { id }
  node(id: $id) { id }
  nodes(ids: [$id, $address, $method]) { id }
  paymentMethod(id: $method) { id }
  paymentMethodByToken(token: $methodToken) { id }
  ofCustomer: resolvePaymentToken(token: $token) { kind }
  ofMethod: resolvePaymentToken(token: $methodToken) { kind }
  customers(filter: { reference: $reference }) { nodes { id } totalCount }
}`;
const never = {
  id: UNKNOWN_ID,
  token: UNKNOWN_TOKEN,
  reference: 'never-used',
  address: UNKNOWN_ID,
  method: UNKNOWN_ID,
  methodToken: UNKNOWN_TOKEN,
};

const vault = await startVault();

afterAll(() => vault.close());

test('takes addresses, payment methods and search terms along, and those of nobody else', async () => {
  const addresses = [{ label: 'Home' }, { label: 'Work' }];
  const { id } = await aCustomer(vault.owner, { addresses });
  await aPaymentMethod(vault.owner, id);
  await aPaymentMethod(vault.owner, id);
  const other = await aCustomer(vault.owner, { addresses });
  await aPaymentMethod(vault.owner, other.id);
  const before = await theCustomer(vault.owner, other.id);
  const rowsOf = async (customerId: string) => {
    const { rows } = await queryAs<{ counts: number[] }>(
      vault.databaseUrl,
      `select array[
        (select count(*)::int from customers where id = $1),
        (select count(*)::int from customer_search where customer_id = $1),
        (select count(*)::int from addresses where customer_id = $1),
        (select count(*)::int from payment_methods where customer_id = $1)
      ] as counts`,
      [customerId],
    );
    return rows[0]?.counts;
  };
  expect(await rowsOf(id)).toEqual([1, 1, 2, 2]);

  const answer = await vault.owner.execute(remove, { input: { id } });

  expect(answer.expectData().deleteCustomer).toEqual({ deletedCustomerId: id, userErrors: [] });
  expect(await rowsOf(id)).toEqual([0, 0, 0, 0]);
  expect(await rowsOf(other.id)).toEqual([1, 1, 2, 1]);
  expect(await theCustomer(vault.owner, other.id)).toEqual(before);
});

test('makes every id and token of the customer answer like one that never existed', async () => {
  const reference = 'deleted-1';
  const { id, token, addresses } = await aCustomer(vault.owner, {
    reference,
    addresses: [{ label: 'Home' }],
  });
  const method = await aPaymentMethod(vault.owner, id);
  const formerly = {
    id,
    token,
    reference,
    address: addresses[0]?.id,
    method: method.id,
    methodToken: method.token,
  };
  const alive = (await vault.owner.execute(lookUp, formerly)).expectData();
  const { nodes, customers, ...single } = alive;
  expect([...Object.values(single), ...nodes, ...customers.nodes].filter((found) => found === null)).toEqual(
    [],
  );

  await vault.owner.execute(remove, { input: { id } });

  expect(withoutRequestId(await vault.owner.execute(lookUp, formerly))).toBe(
    withoutRequestId(await vault.owner.execute(lookUp, never)),
  );
});

test.each([
  ['deleteCustomer', 'DeleteCustomerInput', (id: string) => ({ id })],
  ['updateCustomer', 'UpdateCustomerInput', (id: string) => ({ id, name: 'Again' })],
  ['addAddress', 'AddAddressInput', (customerId: string) => ({ customerId, address: { label: 'Again' } })],
])('answers %s of a deleted customer as that of one that never existed', async (field, type, inputOf) => {
  const mutation = `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code field message } } }`;
  const { id } = await aCustomer(vault.owner);
  await vault.owner.execute(remove, { input: { id } });

  const answer = await vault.owner.execute(mutation, { input: inputOf(id) });

  expect(answer.expectUserErrors()).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(withoutRequestId(answer)).toBe(
    withoutRequestId(await vault.owner.execute(mutation, { input: inputOf(UNKNOWN_ID) })),
  );
});

test('frees the reference for a new customer, who is another one', async () => {
  const former = await aCustomer(vault.owner, { reference: 'freed' });
  await vault.owner.execute(remove, { input: { id: former.id } });

  const next = await aCustomer(vault.owner, { reference: 'freed' });

  expect([next.id, next.token]).not.toEqual([former.id, former.token]);
  expect(await theCustomer(vault.owner, next.id)).toMatchObject({ reference: 'freed', version: 1 });
});

test('deletes a customer at the expected version', async () => {
  const { id } = await aCustomer(vault.owner);

  const answer = await vault.owner.execute(remove, { input: { id, expectedVersion: 1 } });

  expect(answer.expectData().deleteCustomer).toEqual({ deletedCustomerId: id, userErrors: [] });
  expect(await theCustomer(vault.owner, id)).toBeNull();
});

test('refuses a customer at another version than the expected one', async () => {
  const { id } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(remove, { input: { id, expectedVersion: 2 } });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(answer.expectData().deleteCustomer.deletedCustomerId).toBeNull();
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test("answers a stranger's deletion, and one of a malformed id, as one of an id that was never given out", async () => {
  const { id } = await aCustomer(vault.owner);
  const before = await theCustomer(vault.owner, id);
  const count = await customerCount(vault.stranger);

  const answer = await vault.stranger.execute(remove, { input: { id: UNKNOWN_ID, expectedVersion: 7 } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  for (const other of [id, '', 'not an id', `${id}00`, id.replace(/.$/, 'g'), '\u0000']) {
    const same = await vault.stranger.execute(remove, { input: { id: other, expectedVersion: 7 } });
    expect(withoutRequestId(same)).toBe(withoutRequestId(answer));
  }
  expect(await theCustomer(vault.owner, id)).toEqual(before);
  expect(await customerCount(vault.stranger)).toBe(count);
});

test('deletes once when ten deletions race', async () => {
  const { id } = await aCustomer(vault.owner);

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => vault.owner.execute(remove, { input: { id } })),
  );

  const payloads = answers.map((answer) => answer.expectData().deleteCustomer);
  expect(payloads.filter(({ deletedCustomerId }) => deletedCustomerId === id)).toHaveLength(1);
  expect(payloads.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code))).toEqual(
    Array(9).fill('NOT_FOUND'),
  );
});

test('leaves nothing behind when updates race with the deletion', async () => {
  const { id } = await aCustomer(vault.owner, { reference: 'raced' });
  const update =
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { code } } }';

  const [deleted, ...updated] = await Promise.all([
    vault.owner.execute(remove, { input: { id } }),
    ...Array.from({ length: 10 }, (_, at) =>
      vault.owner.execute(update, { input: { id, name: `Racer ${at}` } }),
    ),
  ]);

  expect(deleted.expectData().deleteCustomer).toEqual({ deletedCustomerId: id, userErrors: [] });
  for (const answer of updated) {
    expect([[], [{ code: 'NOT_FOUND' }]]).toContainEqual(answer.expectData().updateCustomer.userErrors);
  }
  expect(await theCustomer(vault.owner, id)).toBeNull();
});
