import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant, customerCount, theCustomer } from './factories.js';

const create = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } userErrors { code field message } }
}`;
const update = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { reference version } userErrors { code field message } }
}`;

const vault = await startVault();

afterAll(() => vault.close());

test.each(['C-É1', ' C-É1 ', 'C-E\u03011'])(
  'refuses %j as the reference of a second customer',
  async (reference) => {
    const owner = await aMerchant(vault);
    const first = await aCustomer(owner, { name: 'First', reference: 'C-É1' });
    const before = await theCustomer(owner, first.id);

    const answer = await owner.execute(create, { input: { name: 'Second', reference } });

    expect(answer.expectUserErrors()).toEqual([{ code: 'TAKEN', field: ['input', 'reference'] }]);
    expect(JSON.stringify(answer.body)).not.toContain('C-');
    expect(await theCustomer(owner, first.id)).toEqual(before);
    expect(await customerCount(owner)).toBe(1);
  },
);

test('tells references apart by case', async () => {
  await aCustomer(vault.owner, { reference: 'case-1' });

  const { id } = await aCustomer(vault.owner, { reference: 'CASE-1' });

  expect((await theCustomer(vault.owner, id)).reference).toBe('CASE-1');
});

test('lets another merchant use the same reference', async () => {
  const owners = await aCustomer(vault.owner, { name: 'Mine', reference: 'shared' });

  const strangers = await aCustomer(vault.stranger, { name: 'Theirs', reference: 'shared' });

  expect(await theCustomer(vault.owner, owners.id)).toMatchObject({ name: 'Mine', version: 1 });
  expect(await theCustomer(vault.stranger, strangers.id)).toMatchObject({ name: 'Theirs', version: 1 });
});

test('gives two racing creates one customer and one TAKEN', async () => {
  const owner = await aMerchant(vault);
  const rounds = Array.from({ length: 10 }, (_, at) => ({ reference: `race-${at}` }));

  const answers = await Promise.all(
    rounds.map((input) =>
      Promise.all(['One', 'Two'].map((name) => owner.execute(create, { input: { name, ...input } }))),
    ),
  );

  const outcomes = answers.map((pair) => pair.map((answer) => answer.expectData().createCustomer));
  for (const pair of outcomes) {
    expect(pair.filter(({ customer }) => customer !== null)).toHaveLength(1);
    expect(pair.flatMap(({ userErrors }) => userErrors)).toEqual([
      { code: 'TAKEN', field: ['input', 'reference'], message: expect.any(String) },
    ]);
  }
  expect(outcomes).toHaveLength(10);
  expect(await customerCount(owner)).toBe(10);
});

test('refuses an update to the reference of another customer and changes neither', async () => {
  const first = await aCustomer(vault.owner, { reference: 'update-1' });
  const second = await aCustomer(vault.owner, { reference: 'update-2' });
  const before = [await theCustomer(vault.owner, first.id), await theCustomer(vault.owner, second.id)];

  const answer = await vault.owner.execute(update, {
    input: { id: second.id, reference: 'update-1', name: 'Changed' },
  });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TAKEN', field: ['input', 'reference'] }]);
  expect([await theCustomer(vault.owner, first.id), await theCustomer(vault.owner, second.id)]).toEqual(
    before,
  );
});

test('gives racing updates to one free reference one winner', async () => {
  const owner = await aMerchant(vault);
  const customers = await Promise.all(Array.from({ length: 8 }, () => aCustomer(owner)));

  const answers = await Promise.all(
    customers.map(({ id }) => owner.execute(update, { input: { id, reference: 'wanted' } })),
  );

  const payloads = answers.map((answer) => answer.expectData().updateCustomer);
  expect(payloads.filter(({ customer }) => customer !== null)).toMatchObject([
    { customer: { reference: 'wanted', version: 2 } },
  ]);
  expect(payloads.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code))).toEqual(
    Array(7).fill('TAKEN'),
  );
  const after = await Promise.all(customers.map(({ id }) => theCustomer(owner, id)));
  expect(after.map(({ reference, version }) => [reference, version]).toSorted()).toEqual([
    ...Array(7).fill([null, 1]),
    ['wanted', 2],
  ]);
});

test('frees the reference of a customer that clears it', async () => {
  const { id } = await aCustomer(vault.owner, { reference: 'freed-by-update' });

  await vault.owner.execute(update, { input: { id, reference: null } });

  const next = await aCustomer(vault.owner, { reference: 'freed-by-update' });
  expect((await theCustomer(vault.owner, next.id)).reference).toBe('freed-by-update');
  expect((await theCustomer(vault.owner, id)).reference).toBeNull();
});

test('lets any number of customers have no reference', async () => {
  const customers = [await aCustomer(vault.owner), await aCustomer(vault.owner, { reference: null })];

  for (const { id } of customers) expect((await theCustomer(vault.owner, id)).reference).toBeNull();
});
