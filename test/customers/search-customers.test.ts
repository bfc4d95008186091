import type { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { callerWith, makeKey } from '../support/key-calls.js';
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
const many = await aMerchant(vault);
await Promise.all(
  [
    'José Muñoz',
    'Θανάσης Παππάς',
    'Jürgen Müller',
    'Anne Marie Dupont',
    'Rita D Angelo',
    '王小明',
    '김 철수',
    '山田太郎',
  ]
    .map((name) => ({ name }))
    .concat([
      { name: 'Phone', phone: '+49 171 1234567' } as { name: string },
      { name: 'Mail', email: 'ann@mail.acme.example' } as { name: string },
    ])
    .map((input) => aCustomer(many, input)),
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

test('finds by what stands in the clear: ids, tokens and the last four of customers and payment methods', async () => {
  const owner = await aMerchant(vault);
  const one = await aCustomer(owner, { name: 'Ada' });
  const other = await aCustomer(owner, { name: 'Bob', reference: '4242' });
  const card = await aPaymentMethod(owner, one.id, { tokenize: aCard({ lastFour: '1881' }) });
  const account = await aPaymentMethod(owner, other.id, { tokenize: anAccount({ lastFour: '6789' }) });

  const found = async (search: string) => namesOf(owner, search);

  for (const search of [
    one.id,
    one.token.toUpperCase(),
    card.id.toUpperCase(),
    card.token,
    '1881',
    'ada 1881',
    ` ${one.id} ada `,
  ])
    expect(await found(search)).toEqual(['Ada']);
  for (const search of [other.id, account.token, '6789', '4242'])
    expect(await found(search)).toEqual(['Bob']);
  for (const search of ['bob 1881', `${one.id} bob`, '881', one.id.slice(1), '0'.repeat(24)])
    expect(await found(search)).toEqual([]);
});

test("finds by none of these what is another merchant's", async () => {
  const [owner, stranger] = [await aMerchant(vault), await aMerchant(vault)];
  const { id, token } = await aCustomer(owner, { name: 'Ada' });
  const card = await aPaymentMethod(owner, id, { tokenize: aCard({ lastFour: '1881' }) });

  const found = await Promise.all(
    [id, token, card.id, card.token, '1881', 'ada'].map((search) => namesOf(stranger, search)),
  );

  expect(found).toEqual([[], [], [], [], [], []]);
});

test('tells a caller nothing by what it may not look things up by', async () => {
  const { id, token } = await aCustomer(vault.owner, { name: 'Secretive' });
  const card = await aPaymentMethod(vault.owner, id, { tokenize: aCard({ lastFour: '7373' }) });
  const searches = [id, token, card.id, card.token, '7373'];
  const foundWith = async (scopes: string[]) => {
    const caller = callerWith(vault, (await makeKey(vault.owner, { scopes })).secret);
    return (await Promise.all(searches.map((search) => namesOf(caller, search)))).map(({ length }) => length);
  };

  expect(await foundWith(['CUSTOMERS_READ'])).toEqual([1, 0, 0, 0, 0]);
  expect(await foundWith(['CUSTOMERS_READ', 'PAYMENT_METHODS_READ'])).toEqual([1, 0, 1, 0, 1]);
  expect(await foundWith(['CUSTOMERS_READ', 'TOKENS_READ'])).toEqual([1, 1, 0, 0, 0]);
  expect(await foundWith(['CUSTOMERS_READ', 'PAYMENT_METHODS_READ', 'TOKENS_READ'])).toEqual([1, 1, 1, 1, 1]);
});

test.each([
  ['jose', 'José Muñoz'],
  ['ΘΑΝΑΣΗΣ', 'Θανάσης Παππάς'],
  ['mueller', 'Jürgen Müller'],
  ['anne-marie', 'Anne Marie Dupont'],
  ["d'angelo", 'Rita D Angelo'],
  ['明', '王小明'],
  ['小明', '王小明'],
  ['철수', '김 철수'],
  ['太郎', '山田太郎'],
  ['0171 1234567', 'Phone'],
  ['+49 171 1234567', 'Phone'],
  ['4567', 'Phone'],
  ['acme.example', 'Mail'],
])('finds by %j the customer %j', async (search, name) => {
  expect(await namesOf(many, search)).toEqual([name]);
});

test('finds as it always did what was stored before accents were seen to', async () => {
  const merchant = await aMerchant(vault);
  const { id } = await aCustomer(merchant, { name: 'Müller 田中' });
  const {
    merchant: { id: merchantId },
  } = (await merchant.execute('{ merchant { id } }')).expectData();
  const keys = await vault.keyring.forMerchant(merchantId);
  await queryAs(
    vault.databaseUrl,
    "update customer_search set terms = $2::bigint[], more_terms = '{}' where customer_id = $1",
    [id, keys.termsLiteral(['^mül', '^müll', '^mülle', '^müller', '=田中'])],
  );

  for (const search of ['Müller', 'müll', '田中', 'MÜLLER 田中'])
    expect(await namesOf(merchant, search)).toEqual(['Müller 田中']);
  expect(await namesOf(merchant, 'muller')).toEqual([]);
});
