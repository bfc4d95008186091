import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { features } from '../src/features.js';
import { createSchema } from '../src/graphql/schema.js';
import { queryAs } from './support/database.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from './support/factories.js';
import { startVault, type TestVault } from './support/vault.js';

const CARD_NUMBER = '5438 2916 7035 4816';
const DIGITS = /5438\D{0,2}2916\D{0,2}7035\D{0,2}4816|⑤④③⑧②⑨/;

/** One of each way to write it. */
const DISGUISES = [
  CARD_NUMBER,
  '5438291670354816',
  '5438-2916-7035-4816',
  '5438.2916.7035.4816',
  '５４３８２９１６７０３５４８１６',
  [...'5438291670354816'].join('\u200b'),
  '٥٤٣٨٢٩١٦٧٠٣٥٤٨١٦',
  '⑤④③⑧②⑨①⑥⑦⓪③⑤④⑧①⑥',
  '5438/2916,7035_4816',
  '(5438)[2916]{7035}<4816>',
  '54382916-7035-4816-1234-123456789012',
  `my card ${CARD_NUMBER} 123`,
];

const schema = createSchema('schema', features);

let vault: TestVault;
let ids: { customer: string; address: string; method: string };

beforeAll(async () => {
  vault = await startVault();
  const { id, addresses } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const method = await aPaymentMethod(vault.owner, id);
  ids = { customer: id, address: addresses[0]?.id ?? '', method: method.id };
});

afterAll(() => vault.close());

/** The least that each mutation takes, so that nothing but the card number is wrong. */
function goodInput(mutation: string, place: string): Record<string, unknown> {
  switch (mutation) {
    case 'createCustomer':
      return { name: 'Ada' };
    case 'upsertCustomer':
      return { reference: 'A', name: 'Ada' };
    case 'addAddress':
      return { customerId: ids.customer, address: { label: 'Home' } };
    case 'linkPaymentMethod':
      return { customerId: ids.customer, token: 'a' };
    case 'createSandboxPaymentToken':
      return place.startsWith('ach.') ? { ...anAccount() } : { ...aCard() };
    case 'createApiKey':
      return { label: 'Key', scopes: ['CUSTOMERS_READ'] };
    case 'updateAddress':
      return { id: ids.address };
    case 'updatePaymentMethod':
      return { id: ids.method };
    default:
      return { id: ids.customer };
  }
}

/** Every place of an input that takes any text: the path, through lists at their first place. */
function textPlaces(type: GraphQLInputType, path: string[] = []): string[][] {
  if (isNonNullType(type)) return textPlaces(type.ofType, path);
  if (isListType(type)) return textPlaces(type.ofType, [...path, '0']);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) => textPlaces(field.type, [...path, field.name]));
  }
  if (!isScalarType(type)) return [];
  return ['String', 'Metadata'].includes(type.name) || path.at(-1) === 'token' ? [path] : [];
}

const places = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((field) => {
  const input = field.args.find(({ name }) => name === 'input');
  return (input ? textPlaces(input.type) : []).map(
    (path) => [field.name, path.join('.'), getNamedType(input?.type)?.name ?? ''] as const,
  );
});

/** A copy of an input with a value at a place. */
function withValue(input: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (key === '0') return [withValue({ label: 'Home' }, rest, value)];
  const own = typeof input === 'object' && input !== null ? input : {};
  return { ...own, [key]: withValue(Reflect.get(own, key), rest, value) };
}

test('knows the places of an input that take text', () => {
  expect(places.length).toBeGreaterThan(40);
});

test.each(places)(
  'refuses a card number in the input of %s at %s, in any disguise',
  async (mutation, place, type) => {
    const path = place.split('.');
    const isMetadata = path.at(-1) === 'metadata';
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code field message } } }`;
    const texts = isMetadata
      ? DISGUISES.flatMap((text) => [{ [text]: 'a' }, { a: text }, text, [text], { a: [{ b: text }] }])
      : DISGUISES;
    const results = [];
    for (const [at, text] of texts.entries()) {
      // One disguise five times, the others once.
      const answer = await vault.owner[at === 0 ? 'executeAlike' : 'executeOnce'](query, {
        input: withValue(goodInput(mutation, place), path, text),
      });
      expect(JSON.stringify(answer.body)).not.toMatch(DIGITS);
      results.push(answer.expectUserErrors().find(({ code }) => code === 'CARD_NUMBER_REFUSED')?.field);
    }

    expect(results).toEqual(texts.map(() => ['input', ...path]));
  },
);

test('keeps nothing of a card number in a row and in the log', async () => {
  const { rows } = await queryAs<{ text: string }>(
    vault.databaseUrl,
    `select string_agg(query_to_xml('select * from ' || quote_ident(relname), false, false, '')::text, '') as text
     from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );

  expect(rows[0]?.text).toContain(ids.customer);
  expect(rows[0]?.text).not.toMatch(DIGITS);
  expect(vault.logged()).not.toMatch(DIGITS);
});

test.each([
  'query _5438291670354816 { nothing }',
  '{ _5438291670354816 }',
  '{ customers(_5438291670354816: 1) { totalCount } }',
  'query ($_5438291670354816: Int!) { __typename }',
  '{ customers(first: $_5438291670354816) { totalCount } }',
  '{ ...A5438291670354816 }',
  '{ customers(first: 5438291670354816) { totalCount } }',
  '{ __typename @d5438291670354816 }',
  '{ customers(orderBy: { field: E5438291670354816, direction: ASC }) { totalCount } }',
  '{ customers(filter: { f5438291670354816: 1 }) { totalCount } }',
  '{ _5438291670354816: customers { totalCount } }',
  '{ _5438_2916_7035_4816: customers { totalCount } }',
  '{ customers { nodes { addresses { a_5438291670354816_b: city } } } }',
])('repeats no card number that stands in the document %s', async (query) => {
  const answer = await vault.owner.execute(query);

  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body) + vault.logged()).not.toMatch(DIGITS);
});

test('keeps numbers that are no card’s, and finds a customer by one', async () => {
  const metadata = {
    iban: 'FR76 3000 6000 0112 3456 7890 189',
    ean: '5901234123457',
    seen: '2026-11-28T07:53:54.123456-05:00',
    sub: '108204268033311374519',
  };
  const { id } = await aCustomer(vault.owner, { reference: '6712316788081', metadata });

  const answer = await vault.owner.execute(
    '{ customerByReference(reference: "6712316788081") { id metadata } }',
  );

  expect(answer.expectData()).toEqual({ customerByReference: { id, metadata } });
});
