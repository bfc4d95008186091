import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant, customerCount, manyKeys, theCustomer, wholeCustomer } from './factories.js';

const upsert = `mutation ($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) { customer { ${wholeCustomer} } created userErrors { code field message } }
}`;

const vault = await startVault();

afterAll(() => vault.close());

test('creates the customer with its addresses when the reference is new', async () => {
  const input = {
    reference: 'new-1',
    name: 'New',
    email: 'new@example.com',
    phone: '555 1',
    metadata: { a: '1' },
    addresses: [{ label: 'Home' }],
  };

  const answer = await vault.owner.execute(upsert, { input });

  const { customer, ...rest } = answer.expectData().upsertCustomer;
  expect(rest).toEqual({ created: true, userErrors: [] });
  expect(customer).toMatchObject({ ...input, addresses: [{ label: 'Home', isDefault: true }], version: 1 });
  expect(await theCustomer(vault.owner, customer.id)).toEqual(customer);
});

test('updates the customer that has the reference, and keeps its addresses and what is left out', async () => {
  const { id } = await aCustomer(vault.owner, {
    reference: 'old-1',
    name: 'Old',
    email: 'old@example.com',
    phone: '555 1',
    metadata: { a: '1', b: '2', c: '3' },
    addresses: [{ label: 'Home' }],
  });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(upsert, {
    input: {
      reference: ' old-1 ',
      name: 'Renamed',
      phone: null,
      metadata: { b: '', c: '4', d: '5' },
      addresses: [{ label: 'Ignored' }],
    },
  });

  const { customer, ...rest } = answer.expectData().upsertCustomer;
  expect(rest).toEqual({ created: false, userErrors: [] });
  expect(customer).toEqual({
    ...before,
    name: 'Renamed',
    phone: null,
    metadata: { a: '1', c: '4', d: '5' },
    version: 2,
    updatedAt: customer.updatedAt,
  });
  expect(await theCustomer(vault.owner, id)).toEqual(customer);
});

test('removes every metadata key of an existing customer by null', async () => {
  const { id } = await aCustomer(vault.owner, { reference: 'meta-1', metadata: { a: '1' } });

  await vault.owner.execute(upsert, { input: { reference: 'meta-1', name: 'Ada Lovelace', metadata: null } });

  expect(await theCustomer(vault.owner, id)).toMatchObject({ metadata: null, version: 2 });
});

test('leaves version and updatedAt of an existing customer alone when nothing changes', async () => {
  const input = { reference: 'same-1', name: 'Same', metadata: { a: '1' } };
  const { id } = await aCustomer(vault.owner, input);
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(upsert, { input });

  expect(answer.expectData().upsertCustomer).toEqual({ customer: before, created: false, userErrors: [] });
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('reports every problem at once, the reference too, and creates nothing', async () => {
  const owner = await aMerchant(vault);

  const answer = await owner.execute(upsert, {
    input: { reference: ' ', name: '', email: 'nobody', phone: '?', metadata: 1, addresses: [{ label: '' }] },
  });

  const problems = [
    { code: 'REQUIRED', field: ['input', 'reference'] },
    { code: 'REQUIRED', field: ['input', 'name'] },
    { code: 'INVALID', field: ['input', 'email'] },
    { code: 'INVALID', field: ['input', 'phone'] },
    { code: 'INVALID', field: ['input', 'metadata'] },
    { code: 'REQUIRED', field: ['input', 'addresses', '0', 'label'] },
  ];
  expect(answer.expectUserErrors()).toHaveLength(problems.length);
  expect(answer.expectUserErrors()).toEqual(expect.arrayContaining(problems));
  expect(answer.expectData().upsertCustomer).toMatchObject({ customer: null, created: false });
  expect(await customerCount(owner)).toBe(0);
});

test('requires a reference that is not blank, and says so once', async () => {
  const answer = await vault.owner.execute(upsert, { input: { reference: '\t', name: 'Nameless' } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'REQUIRED', field: ['input', 'reference'] }]);
});

test('refuses a reference of 101 characters once', async () => {
  const answer = await vault.owner.execute(upsert, { input: { reference: 'r'.repeat(101), name: 'Long' } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'reference'] }]);
});

test('refuses too many metadata keys on top of those that are there, and changes nothing', async () => {
  const { id } = await aCustomer(vault.owner, { reference: 'full-1', metadata: manyKeys(50, 'old') });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(upsert, {
    input: { reference: 'full-1', name: 'Fuller', metadata: { another: 'x' } },
  });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'metadata'] }]);
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('refuses an existing customer at another version than the expected one and changes nothing', async () => {
  const { id } = await aCustomer(vault.owner, { reference: 'version-1' });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(upsert, {
    input: { reference: 'version-1', name: 'Changed', expectedVersion: 2 },
  });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
  ]);
  expect(answer.expectData().upsertCustomer).toMatchObject({ customer: null, created: false });
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('updates an existing customer at the expected version', async () => {
  await aCustomer(vault.owner, { reference: 'version-2' });

  const answer = await vault.owner.execute(upsert, {
    input: { reference: 'version-2', name: 'Changed', expectedVersion: 1 },
  });

  expect(answer.expectData().upsertCustomer).toMatchObject({
    customer: { name: 'Changed', version: 2 },
    created: false,
    userErrors: [],
  });
});

test("creates one's own customer where only another merchant has the reference", async () => {
  const owners = await aCustomer(vault.owner, { reference: 'both-1', name: 'Mine' });
  const before = await theCustomer(vault.owner, owners.id);

  const answer = await vault.stranger.execute(upsert, { input: { reference: 'both-1', name: 'Theirs' } });

  expect(answer.expectData().upsertCustomer).toMatchObject({
    customer: { name: 'Theirs', version: 1 },
    created: true,
  });
  expect(await theCustomer(vault.owner, owners.id)).toEqual(before);
});

test('makes one customer of 30 racing upserts, created once, and loses none of them', async () => {
  const owner = await aMerchant(vault);
  const keys = Array.from({ length: 30 }, (_, at) => `key${at}`);

  const answers = await Promise.all(
    keys.map((key) =>
      owner.execute(upsert, { input: { reference: 'racing', name: 'Racer', metadata: { [key]: 'set' } } }),
    ),
  );

  const payloads = answers.map((answer) => answer.expectData().upsertCustomer);
  expect(payloads.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(payloads.map(({ customer }) => customer.id)).size).toBe(1);
  const versions = payloads.map(({ customer }) => customer.version);
  expect(versions.toSorted((a, b) => a - b)).toEqual(keys.map((_, at) => at + 1));
  expect(await customerCount(owner)).toBe(1);
  expect(await theCustomer(owner, payloads[0].customer.id)).toMatchObject({
    metadata: Object.fromEntries(keys.map((key) => [key, 'set'])),
    version: 30,
  });
});
