import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant, customerCount, manyKeys, theCustomer, wholeCustomer } from './factories.js';

const create = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { ${wholeCustomer} } userErrors { code field message } }
}`;

const vault = await startVault();

afterAll(() => vault.close());

test('answers with all that was given, and reads the same afterwards', async () => {
  const input = {
    name: 'Grace Hopper',
    email: 'Grace@Example.com',
    phone: '+1 (555) 123-4567',
    reference: 'C-1906',
    metadata: { rank: 'Rear Admiral', ship: 'USS Constitution' },
    addresses: [
      {
        label: 'Home',
        line1: '1 Main St',
        city: 'Arlington',
        state: 'VA',
        postalCode: '22201',
        country: 'us',
      },
      { label: 'Work', isDefault: true },
    ],
  };

  const answer = await vault.owner.execute(create, { input });

  const { customer, userErrors } = answer.expectData().createCustomer;
  expect(userErrors).toEqual([]);
  const common = { createdAt: customer.createdAt, updatedAt: customer.createdAt };
  const nothing = { line1: null, line2: null, city: null, state: null, postalCode: null, country: null };
  const id = expect.stringMatching(/^[0-9a-f]{24}$/);
  expect(customer).toEqual({
    ...input,
    ...common,
    id,
    token: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    version: 1,
    addresses: [
      { ...common, ...nothing, id, label: 'Work', isDefault: true },
      { ...common, ...nothing, id, ...input.addresses[0], country: 'USA', isDefault: false },
    ],
    defaultAddress: { id: customer.addresses[0].id },
    paymentMethods: { nodes: [], totalCount: 0 },
    defaultPaymentMethod: null,
  });
  expect(await theCustomer(vault.owner, customer.id)).toEqual(customer);
});

test.each([
  ['omitted', {}],
  ['null', { email: null, phone: null, reference: null, metadata: null, addresses: null }],
  ['blank', { email: ' ', phone: '', reference: '\t', metadata: {}, addresses: [] }],
])('stores nothing for what is %s', async (_, input) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Bare', ...input } });

  expect(answer.expectData().createCustomer).toMatchObject({
    customer: {
      name: 'Bare',
      email: null,
      phone: null,
      reference: null,
      metadata: null,
      addresses: [],
      defaultAddress: null,
      version: 1,
    },
    userErrors: [],
  });
});

test.each([
  ['white space at its ends cut', '\u00a0\t Ada  King \u3000\n', 'Ada  King'],
  ['its characters composed', 'Zoe\u0308 Nguye\u0302\u0303n', 'Zo\u00eb Nguy\u1ec5n'],
  ['200 characters of two UTF-16 units each', '😀'.repeat(200), '😀'.repeat(200)],
])('stores a name with %s', async (_, name, stored) => {
  const { id } = await aCustomer(vault.owner, { name });

  expect((await theCustomer(vault.owner, id)).name).toBe(stored);
});

test.each(['', '   ', '\u00a0\u3000', '\n\t'])('requires more of a name than %j', async (name) => {
  const answer = await vault.owner.execute(create, { input: { name } });

  expect(answer.expectData().createCustomer).toEqual({
    customer: null,
    userErrors: [{ code: 'REQUIRED', field: ['input', 'name'], message: expect.any(String) }],
  });
});

test.each([
  ['name', 'n'.repeat(201)],
  ['email', `${'e'.repeat(243)}@example.com`],
  ['phone', '5'.repeat(21)],
  ['reference', 'r'.repeat(101)],
  ['metadata', { k: 'v'.repeat(501) }],
  ['metadata', { ['k'.repeat(41)]: 'v' }],
  ['metadata', manyKeys(51)],
  ['addresses', Array.from({ length: 51 }, () => ({ label: 'Many' }))],
])('refuses a %s that is one too long', async (field, value) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Long', [field]: value } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', field] }]);
});

test('takes values that are just as long as allowed', async () => {
  const input = {
    name: 'n'.repeat(200),
    email: `${'e'.repeat(242)}@example.com`,
    phone: '5'.repeat(20),
    reference: 'r'.repeat(100),
    metadata: { ...manyKeys(49), ['k'.repeat(40)]: 'v'.repeat(500) },
    addresses: Array.from({ length: 50 }, () => ({ label: 'l'.repeat(50) })),
  };

  const { id, addresses } = await aCustomer(vault.owner, input);

  const { addresses: _, ...profile } = input;
  expect(await theCustomer(vault.owner, id)).toMatchObject(profile);
  expect(addresses).toHaveLength(50);
});

test('reports every problem at once, each with its path, and creates nothing', async () => {
  const owner = await aMerchant(vault);
  const addresses = [
    { label: ' ', country: 'Atlantis' },
    { label: 'Second', country: 'USA', postalCode: 'ABC', isDefault: true },
    { label: 'Third', state: 'far too long', isDefault: true },
  ];

  const answer = await owner.execute(create, {
    input: {
      name: ' ',
      email: 'nobody',
      phone: 'call me',
      reference: 'r'.repeat(101),
      metadata: [],
      addresses,
    },
  });

  const problems = [
    { code: 'REQUIRED', field: ['input', 'name'] },
    { code: 'INVALID', field: ['input', 'email'] },
    { code: 'INVALID', field: ['input', 'phone'] },
    { code: 'TOO_LONG', field: ['input', 'reference'] },
    { code: 'INVALID', field: ['input', 'metadata'] },
    { code: 'REQUIRED', field: ['input', 'addresses', '0', 'label'] },
    { code: 'INVALID', field: ['input', 'addresses', '0', 'country'] },
    { code: 'INVALID', field: ['input', 'addresses', '1', 'postalCode'] },
    { code: 'TOO_LONG', field: ['input', 'addresses', '2', 'state'] },
    { code: 'INVALID', field: ['input', 'addresses', '2', 'isDefault'] },
  ];
  expect(answer.expectUserErrors()).toHaveLength(problems.length);
  expect(answer.expectUserErrors()).toEqual(expect.arrayContaining(problems));
  expect(answer.expectData().createCustomer.customer).toBeNull();
  expect(await customerCount(owner)).toBe(0);
});

test('repeats none of the values at fault', async () => {
  const marker = 'Xanadu77';
  const input = {
    name: marker.repeat(30),
    email: `${marker}@`,
    phone: marker,
    reference: marker.repeat(20),
    metadata: { note: { [marker]: marker } },
    addresses: [{ label: 'Home', country: marker, postalCode: marker.repeat(2), state: marker.repeat(2) }],
  };

  const answer = await vault.owner.execute(create, { input });

  expect(answer.expectUserErrors()).toHaveLength(8);
  expect(JSON.stringify(answer.body)).not.toContain(marker);
});

test.each([
  ['name', '4242 4242 4242 4242'],
  ['email', '4242424242424242@example.com'],
  ['phone', '4242 4242 4242 4242'],
  ['reference', '4242-4242-4242-4242'],
  ['metadata', { note: '4242424242424242' }],
])('refuses a card number as %s', async (field, value) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Card', [field]: value } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'CARD_NUMBER_REFUSED', field: ['input', field] }]);
  expect(JSON.stringify(answer.body)).not.toContain('4242');
});

test.each([
  'Jane.Doe+tag@Example.com',
  'jane@bücher.example',
  "o'brien@mail.example.co.uk",
  'ünïcode@example.com',
])('takes the e-mail %s as it is written', async (email) => {
  const { id } = await aCustomer(vault.owner, { email: ` ${email} ` });

  expect((await theCustomer(vault.owner, id)).email).toBe(email);
});

test.each([
  'jane',
  '@example.com',
  'jane@',
  'jane@localhost',
  'jane@@example.com',
  'jane@doe@example.com',
  'jane doe@example.com',
  'jane@exam ple.com',
  'jane@.example.com',
  'jane@example.com.',
  'jane@example..com',
  'jane@-example.com',
  'jane@127.0.0.1',
])('refuses the e-mail %s', async (email) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Jane', email } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'email'] }]);
});

test.each(['5551234567', '+49 (0)30 901820', '555.123-4567 x89'])(
  'takes the phone %s as it is written',
  async (phone) => {
    const { id } = await aCustomer(vault.owner, { phone: ` ${phone} ` });

    expect((await theCustomer(vault.owner, id)).phone).toBe(phone);
  },
);

test.each(['call me', '555-CALL-NOW', '+', '()', '555/1234'])('refuses the phone %s', async (phone) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Jane', phone } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'phone'] }]);
});

test('lets two customers share an e-mail and a phone', async () => {
  const shared = { email: 'family@example.com', phone: '5550000000' };
  const first = await aCustomer(vault.owner, shared);

  const second = await aCustomer(vault.owner, shared);

  expect(second.id).not.toBe(first.id);
  expect(await theCustomer(vault.owner, first.id)).toMatchObject({ ...shared, version: 1 });
  expect(await theCustomer(vault.owner, second.id)).toMatchObject({ ...shared, version: 1 });
});

test('makes the first address the default only if it does not say otherwise', async () => {
  const { id } = await aCustomer(vault.owner, {
    addresses: [{ label: 'First', isDefault: false }, { label: 'Second' }],
  });

  const { addresses, defaultAddress } = await theCustomer(vault.owner, id);
  expect(addresses).toMatchObject([
    { label: 'First', isDefault: false },
    { label: 'Second', isDefault: false },
  ]);
  expect(defaultAddress).toBeNull();
});
