import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant, customerCount, manyKeys, theCustomer } from './factories.js';

const create = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id metadata } userErrors { code field message } }
}`;
const update = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { metadata version } userErrors { code field message } }
}`;

const inherited = { constructor: 'x', toString: 'y', hasOwnProperty: 'z' };

const vault = await startVault();

afterAll(() => vault.close());

test.each([
  ['drops an empty value', { a: '1', b: '', c: '  ' }, { a: '1' }],
  ['is null when nothing is left', { a: '', b: ' ' }, null],
  ['cuts white space and composes characters', { ' e\u0301t\u00e9 ': ' Zoe\u0308 ' }, { été: 'Zoë' }],
  ['has keys like any other that objects inherit', inherited, inherited],
  ['may have 50 keys', manyKeys(50), manyKeys(50)],
])('on creation metadata %s', async (_, metadata, stored) => {
  const answer = await vault.owner.execute(create, { input: { name: 'Meta', metadata } });

  const { customer, userErrors } = answer.expectData().createCustomer;
  expect(userErrors).toEqual([]);
  expect(JSON.stringify(customer.metadata)).toBe(JSON.stringify(stored));
  expect(JSON.stringify((await theCustomer(vault.owner, customer.id)).metadata)).toBe(JSON.stringify(stored));
});

test('takes metadata that is written into the document, variables in it', async () => {
  const answer = await vault.owner.execute(
    `mutation ($tier: String) {
      createCustomer(input: { name: "Meta", metadata: { tier: $tier, since: "2019", __proto__: "x" } }) {
        customer { metadata }
        userErrors { code field }
      }
    }`,
    { tier: 'gold' },
  );

  const { customer, userErrors } = answer.expectData().createCustomer;
  expect(userErrors).toEqual([]);
  expect(JSON.stringify(customer.metadata)).toBe('{"tier":"gold","since":"2019","__proto__":"x"}');
});

test.each([
  ['a string', 'text'],
  ['a number', 7],
  ['false', false],
  ['a list', ['a']],
  ['a number in it', { a: 1 }],
  ['null in it', { a: null }],
  ['an object in it', { a: { b: 'c' } }],
  ['a list in it', { a: ['b'] }],
  ['a blank key', { ' ': 'a' }],
  ['two keys that are the same once trimmed', { a: '1', ' a': '2' }],
  ['a control character', { a: 'b\u0000c' }],
])('refuses metadata with %s wherever it is given, and changes nothing', async (_, metadata) => {
  const { id } = await aCustomer(vault.owner, { metadata: { kept: 'yes' } });
  const before = await theCustomer(vault.owner, id);
  const count = await customerCount(vault.owner);

  const answers = [
    await vault.owner.execute(create, { input: { name: 'Meta', metadata } }),
    await vault.owner.execute(update, { input: { id, metadata } }),
  ];

  for (const answer of answers) {
    expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'metadata'] }]);
  }
  expect(await theCustomer(vault.owner, id)).toEqual(before);
  expect(await customerCount(vault.owner)).toBe(count);
});

test.each([
  ['merged key by key', { b: '3', c: '4' }, { a: '1', b: '3', c: '4' }],
  ['rid of a key by an empty value', { a: '', c: ' ' }, { b: '2' }],
  ['rid of every key by null', null, null],
  ['null when its last key goes', { a: '', b: '' }, null],
  ['able to take a key that objects inherit', inherited, { a: '1', b: '2', ...inherited }],
])('on update metadata is %s', async (_, metadata, stored) => {
  const { id } = await aCustomer(vault.owner, { metadata: { a: '1', b: '2' } });

  const answer = await vault.owner.execute(update, { input: { id, metadata } });

  const { customer, userErrors } = answer.expectData().updateCustomer;
  expect(userErrors).toEqual([]);
  expect(JSON.stringify(customer)).toBe(JSON.stringify({ metadata: stored, version: 2 }));
  expect(JSON.stringify((await theCustomer(vault.owner, id)).metadata)).toBe(JSON.stringify(stored));
});

test('merges a key that is the name of the prototype', async () => {
  const { id } = await aCustomer(vault.owner, { metadata: { a: '1' } });

  const answer = await vault.owner.execute(
    `mutation ($id: ID!) {
      updateCustomer(input: { id: $id, metadata: { __proto__: "x" } }) { customer { metadata version } }
    }`,
    { id },
  );

  const { customer } = answer.expectData().updateCustomer;
  expect(JSON.stringify(customer)).toBe('{"metadata":{"a":"1","__proto__":"x"},"version":2}');
  expect(JSON.stringify((await theCustomer(vault.owner, id)).metadata)).toBe('{"a":"1","__proto__":"x"}');
});

test.each([
  ['left out', {}],
  ['an empty object', { metadata: {} }],
  ['what is there already, in another order', { metadata: { b: '2', a: '1' } }],
  ['an empty value for a key that is not there', { metadata: { c: '' } }],
])('leaves metadata, version and updatedAt alone when given %s', async (_, input) => {
  const { id } = await aCustomer(vault.owner, { metadata: { a: '1', b: '2' } });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(update, { input: { id, ...input } });

  expect(answer.expectData().updateCustomer.userErrors).toEqual([]);
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('refuses metadata that has more than 50 keys only once it is merged', async () => {
  const { id } = await aCustomer(vault.owner, { metadata: manyKeys(30, 'old') });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(update, { input: { id, metadata: manyKeys(21, 'new') } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'metadata'] }]);
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('may swap keys of full metadata in one update', async () => {
  const { id } = await aCustomer(vault.owner, { metadata: manyKeys(50, 'old') });

  const answer = await vault.owner.execute(update, { input: { id, metadata: { old0: '', new0: 'value' } } });

  const { customer } = answer.expectData().updateCustomer;
  const { old0: _, ...others } = manyKeys(50, 'old');
  expect(customer).toEqual({ metadata: { ...others, new0: 'value' }, version: 2 });
});

test('changes the metadata of no other customer and no other merchant', async () => {
  const { id } = await aCustomer(vault.owner, { metadata: { a: '1' } });
  const other = await aCustomer(vault.owner, { metadata: { a: '1' } });
  const strangers = await aCustomer(vault.stranger, { metadata: { a: '1' } });

  await vault.owner.execute(update, { input: { id, metadata: { a: '2' } } });

  expect((await theCustomer(vault.owner, id)).metadata).toEqual({ a: '2' });
  expect(await theCustomer(vault.owner, other.id)).toMatchObject({ metadata: { a: '1' }, version: 1 });
  expect(await theCustomer(vault.stranger, strangers.id)).toMatchObject({ metadata: { a: '1' }, version: 1 });
});

test('keeps a key named __proto__ that comes in a variable', async () => {
  const metadata: unknown = JSON.parse('{"a":"1","__proto__":"x"}');

  const { id } = await aCustomer(vault.owner, { metadata });

  expect(JSON.stringify((await theCustomer(vault.owner, id)).metadata)).toBe('{"a":"1","__proto__":"x"}');
});

test.each([
  ['an enum word', 'GOLD', ['GOLD']],
  ['a number', '5', 5],
  ['a fraction', '5.5', 5.5],
  ['a truth value', 'true', true],
  ['null', 'null', null],
  ['a list', '["x"]', ['x']],
  ['an object', '{ a: "x" }', { a: 'x' }],
])(
  'refuses %s as a value, written into the document or in a variable, and names its key',
  async (_, literal, value) => {
    const written = await vault.owner.execute(
      `mutation { createCustomer(input: { name: "L", metadata: { a: "x", n: ${literal} } }) {
      customer { id } userErrors { code field message }
    } }`,
    );
    const sent = await vault.owner.execute(create, { input: { name: 'L', metadata: { a: 'x', n: value } } });

    const refused = {
      customer: null,
      userErrors: [
        { code: 'INVALID', field: ['input', 'metadata'], message: '"n": The value must be a string.' },
      ],
    };
    expect(written.expectData().createCustomer).toEqual(refused);
    expect(sent.expectData().createCustomer).toEqual(refused);
  },
);

test('keeps tabs and line ends of a value, and finds by them', async () => {
  const owner = await aMerchant(vault);
  const metadata = { 'two\nlines': 'one\ttab\r\nand more' };

  const answer = await owner.execute(create, { input: { name: 'Lines', metadata } });
  const found = await owner.execute(
    'query ($pair: MetadataPairInput!) { customers(filter: { metadata: [$pair] }) { totalCount } }',
    { pair: { key: ' two\nlines', value: 'one\ttab\r\nand more\n' } },
  );

  expect(answer.expectData().createCustomer.customer.metadata).toEqual(metadata);
  expect(found.expectData().customers.totalCount).toBe(1);
});
