import type { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant } from './factories.js';

const vault = await startVault();

afterAll(() => vault.close());

async function namesOf(client: Client, search: string): Promise<string[]> {
  const answer = await client.execute(
    'query ($search: String) { customers(filter: { search: $search }, first: 100) { nodes { name } totalCount } }',
    { search },
  );
  const { nodes, totalCount } = answer.expectData().customers;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ name }: { name: string }) => name).toSorted();
}

const people = await aMerchant(vault);
await Promise.all(
  [
    {
      name: 'Mary-Jane O’Brien',
      email: 'mj.obrien@mail.example.com',
      phone: '+1 (555) 123-4567',
      reference: 'CUST-0042',
    },
    { name: 'Li Wei', email: 'li@Straße.example', reference: '100%_sure' },
    { name: 'Mary Poppins', phone: '555 000 1111' },
    { name: 'Zoë Ångström-Lindqvist' },
  ].map((input) => aCustomer(people, input)),
);
const jane = 'Mary-Jane O’Brien';
const wei = 'Li Wei';
const poppins = 'Mary Poppins';
const zoe = 'Zoë Ångström-Lindqvist';
const everybody = [wei, poppins, jane, zoe];

test.each([
  ['mary', [poppins, jane]],
  ['MARY', [poppins, jane]],
  ['mar', [poppins, jane]],
  ['mary pop', [poppins]],
  ['pop mary', [poppins]],
  ['  poppins   mary ', [poppins]],
  ['mary mary', [poppins, jane]],
  ['poppins wei', []],
  ['oppins', []],
  ['maryx', []],
  ['obrien', [jane]],
  ["o'brien", [jane]],
  ['o’bri', [jane]],
  ['brien', [jane]],
  ['maryjane', [jane]],
  ['mary-jane', [jane]],
  ['jane-mary', []],
  ['li', [wei]],
  ['LI wei', [wei]],
  ['l', []],
  ['we', []],
  ['ma', []],
  ['o', [jane]],
  ['zoë', [zoe]],
  ['ZOË', [zoe]],
  ['Zoe\u0308', [zoe]],
  ['ång', [zoe]],
  ['lindqvist', [zoe]],
  ['mj.obrien@mail.example.com', [jane]],
  ['mj.obrien@mail', [jane]],
  ['mail.example.com', [jane]],
  ['strasse', [wei]],
  ['STRASSE.example', [wei]],
  ['example', [wei, jane]],
  ['+1 (555) 123-4567', [jane]],
  ['15551234567', [jane]],
  ['1555123', [jane]],
  ['5550001111', [poppins]],
  ['555 000 1111', [poppins]],
  ['cust-0042', [jane]],
  ['cust', [jane]],
  ['0042', [jane]],
  ['mary 0042 example', [jane]],
  ['100%_sure', [wei]],
  ['100', [wei]],
  ['100sure', [wei]],
])('finds by %j the customers %j', async (search, expected) => {
  expect(await namesOf(people, search)).toEqual(expected);
});

test.each(['', '  ', '\t\n'])('takes the blank search %j for no condition', async (search) => {
  expect(await namesOf(people, search)).toEqual(everybody);
});

test.each([
  '%',
  '_',
  '%%%',
  '___',
  'ma%',
  'm_ry',
  '%ary',
  'mar%pins',
  '\\',
  '*',
  "'; drop table customers; --",
])('finds nothing by %j, whose characters mean nothing special', async (search) => {
  expect(await namesOf(people, search)).toEqual([]);
});

test.each([
  ['mary%', [poppins, jane]],
  ['mary*', [poppins, jane]],
  ['%mary poppins_', [poppins]],
])('passes over the signs in %j', async (search, expected) => {
  expect(await namesOf(people, search)).toEqual(expected);
});

test('finds nothing by more than ten words or 200 characters', async () => {
  const searches = ['a b c d e f g h i j k', `mary ${'x'.repeat(200)}`];

  expect(await Promise.all(searches.map((search) => namesOf(people, search)))).toEqual([[], []]);
});

test('tells words apart by their first 24 characters only', async () => {
  const owner = await aMerchant(vault);
  await aCustomer(owner, { name: `${'q'.repeat(24)}one` });

  expect(await namesOf(owner, `${'q'.repeat(24)}two`)).toEqual([`${'q'.repeat(24)}one`]);
  expect(await namesOf(owner, `${'q'.repeat(23)}x`)).toEqual([]);
});

test('finds each of 20 customers right after its creation', async () => {
  const owner = await aMerchant(vault);
  const names = Array.from({ length: 20 }, (_, at) => `Fresh${String.fromCharCode(97 + at).repeat(3)}`);

  const found = await Promise.all(
    names.map(async (name) => {
      await aCustomer(owner, { name });
      return namesOf(owner, name);
    }),
  );

  expect(found).toEqual(names.map((name) => [name]));
});

test('finds a customer by its new name right after the update, and no longer by the old one', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, { name: 'Norma Mortenson', email: 'norma@example.com' });
  const other = 'Norma Other';
  await aCustomer(owner, { name: other });

  await owner.execute(
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }',
    {
      input: { id, name: 'Marilyn Monroe' },
    },
  );

  expect(await namesOf(owner, 'marilyn')).toEqual(['Marilyn Monroe']);
  expect(await namesOf(owner, 'mortenson')).toEqual([]);
  expect(await namesOf(owner, 'norma')).toEqual(['Marilyn Monroe', other]);
  expect(await namesOf(owner, 'norma monroe')).toEqual(['Marilyn Monroe']);
});

test('finds a customer no longer by what was cleared, nor at all once it is deleted', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, { name: 'Temporary', phone: '555 777 8888' });
  expect(await namesOf(owner, '5557778888')).toEqual(['Temporary']);

  await owner.execute(
    'mutation ($id: ID!) { updateCustomer(input: { id: $id, phone: null }) { customer { id } } }',
    {
      id,
    },
  );
  const cleared = [await namesOf(owner, '5557778888'), await namesOf(owner, 'temporary')];
  await owner.execute('mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }', {
    id,
  });

  expect(cleared).toEqual([[], ['Temporary']]);
  expect(await namesOf(owner, 'temporary')).toEqual([]);
});

test('finds nobody by metadata or an address', async () => {
  const owner = await aMerchant(vault);
  await aCustomer(owner, {
    name: 'Plain',
    metadata: { hobby: 'chess' },
    addresses: [{ label: 'Home', city: 'Rome' }],
  });

  expect(
    await Promise.all(['chess', 'hobby', 'rome', 'home'].map((search) => namesOf(owner, search))),
  ).toEqual([[], [], [], []]);
});

test('finds by every beginning of a word, whether it is indexed or lies in between', async () => {
  const word = 'poppins-of-seventeen-cherry-tree-lane'.replaceAll('-', '');
  const stranger = await aMerchant(vault);
  await aCustomer(stranger, { name: word });
  await aCustomer(stranger, { name: `${word.slice(0, 6)}x` });
  const lengths = Array.from({ length: word.length - 6 }, (_, index) => index + 7);

  const found = await Promise.all(lengths.map((length) => namesOf(stranger, word.slice(0, length))));

  expect(found).toEqual(lengths.map(() => [word]));
});

test('finds a customer whose beginnings are all in the index, as they were once', async () => {
  const merchant = await aMerchant(vault);
  const { id } = await aCustomer(merchant, { name: 'Bartholomew' });
  await queryAs(
    vault.databaseUrl,
    "update customer_search set terms = terms || more_terms, more_terms = '{}' where customer_id = $1",
    [id],
  );

  expect(await namesOf(merchant, 'barthol')).toEqual(['Bartholomew']);
  expect(await namesOf(merchant, 'bartholx')).toEqual([]);
});
