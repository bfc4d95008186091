import {
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { features } from '../../src/features.js';
import { createSchema } from '../../src/graphql/schema.js';
import { aCustomer } from '../support/factories.js';
import { aCaller } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const schema = createSchema('schema', features);

let vault: TestVault;
let customerId: string;

beforeAll(async () => {
  vault = await startVault();
  customerId = (await aCustomer(vault.owner, { name: 'Ada', reference: 'A-1' })).id;
});

afterAll(() => vault.close());

/** Every place of an argument that takes a string: the path, through lists at their first place. */
function stringPlaces(type: GraphQLInputType, path: string[]): string[][] {
  if (isNonNullType(type)) return stringPlaces(type.ofType, path);
  if (isListType(type)) return stringPlaces(type.ofType, [...path, '0']);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) =>
      stringPlaces(field.type, [...path, field.name]),
    );
  }
  return isScalarType(type) && type.name === 'String' ? [path] : [];
}

const places = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!isObjectType(type) || type.name.startsWith('__') || type === schema.getMutationType()) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.flatMap((argument) =>
      stringPlaces(argument.type, [argument.name]).map(
        (path) => [`${type.name}.${field.name}`, path.join('.'), `${argument.type}`] as const,
      ),
    ),
  );
});
const cursors = places.filter(([, place]) => place === 'after' || place === 'before');
const texts = places.filter((place) => !cursors.includes(place));

/** An argument with a value at a place; a pair of metadata has its other half. */
function withValue([key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  if (key === '0') return [withValue(rest, value)];
  const other = key === 'key' ? { value: 'x' } : key === 'value' ? { key: 'x' } : {};
  return { ...other, [key]: withValue(rest, value) };
}

/** Asks a field with a value at a place of its arguments. */
function ask(field: string, place: string, type: string, value: string) {
  const [argument = '', ...path] = place.split('.');
  const [typeName, name = ''] = field.split('.');
  const below = name === 'customerByReference' ? 'id' : 'totalCount';
  const page = argument === 'before' ? ', last: 1' : '';
  const asked = `${name}(${argument}: $value${page}) { ${below} }`;
  return typeName === 'Query'
    ? vault.owner.execute(`query ($value: ${type}) { ${asked} }`, { value: withValue(path, value) })
    : vault.owner.execute(`query ($value: ${type}, $id: ID!) { customer(id: $id) { ${asked} } }`, {
        value: withValue(path, value),
        id: customerId,
      });
}

test('knows the places of arguments that take a string', () => {
  expect(texts.map(([field, place]) => `${field} ${place}`)).toEqual(
    expect.arrayContaining([
      'Query.customerByReference reference',
      'Query.customers filter.search',
      'Query.customers filter.metadata.0.value',
      'Query.customers filter.paymentMethod.lastFour',
      'Customer.paymentMethods filter.expiresBefore',
    ]),
  );
  expect(cursors.length).toBeGreaterThan(5);
});

test.each(texts)('refuses in an argument of %s what is never stored, at %s', async (field, place, type) => {
  const path = place.replaceAll(/\.(\d+)/g, '[$1]');

  for (const value of ['Xan\u0000adu', 'Xan\ud800adu', 'Xan\u202eadu', 'Xan\u001badu']) {
    const answer = await ask(field, place, type, value);

    expect(answer.expectErrors()).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(answer.body.errors?.[0]?.message).toBe(`\`${path}\` has a character that is not allowed.`);
    expect(JSON.stringify(answer.body)).not.toContain('Xan');
  }
});

test.each(texts)('refuses a card number in an argument of %s, at %s', async (field, place, type) => {
  const path = place.replaceAll(/\.(\d+)/g, '[$1]');

  for (const value of ['5438 2916 7035 4816', '5438/2916,7035_4816', '５４３８２９１６７０３５４８１６']) {
    const answer = await ask(field, place, type, value);

    expect(answer.expectErrors()).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(answer.body.errors?.[0]?.message).toBe(
      `\`${path}\` looks like a card number. The vault knows tokens only.`,
    );
    expect(JSON.stringify(answer.body) + vault.logged()).not.toMatch(/5438\D?2916|５４３８/);
  }
});

test.each(cursors)(
  'takes whatever is none of ours for no cursor of %s, as %s',
  async (field, place, type) => {
    for (const value of ['Xan\u0000adu', 'Xan\ud800adu', '5438 2916 7035 4816', ' ']) {
      const answer = await ask(field, place, type, value);

      expect(answer.body.errors?.map(({ extensions }) => extensions.code)).not.toContain(
        'INTERNAL_SERVER_ERROR',
      );
      expect(answer.body.errors).toHaveLength(1);
      expect(JSON.stringify(answer.body)).not.toMatch(/Xan|5438\D?2916/);
    }
  },
);

test.each(cursors)('takes an empty text for none of %s, as %s', async (field, place, type) => {
  const answer = await ask(field, place, type, '');

  // A merchant has no merchants, whatever the page.
  const refused = field === 'Query.merchants' ? ['FORBIDDEN'] : undefined;
  expect(answer.body.errors?.map(({ extensions }) => extensions.code)).toEqual(refused);
});

test('refuses such an argument as often as it comes, and lets good ones through', async () => {
  const query = 'query ($r: String!) { customerByReference(reference: $r) { name } }';
  for (let use = 0; use < 5; use += 1) {
    const bad = await vault.owner.execute(query, { r: 'A-1\u0000' });
    const good = await vault.owner.execute(query, { r: 'A-1' });

    expect(bad.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customerByReference'] }]);
    expect(good.expectData()).toEqual({ customerByReference: { name: 'Ada' } });
  }
});

test('tells a caller without the scope to ask nothing of what is wrong with the argument', async () => {
  const query = 'query ($r: String!) { customerByReference(reference: $r) { name } }';

  const caller = await aCaller(vault, ['KEYS_MANAGE']);

  const answer = await caller.execute(query, { r: '\u0000' });

  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['customerByReference'] }]);
});

test('finds by words that a tab or a line break parts', async () => {
  const answer = await vault.owner.execute(
    '{ customers(filter: { search: "ada\\ta-1\\n" }) { totalCount } }',
  );

  expect(answer.expectData()).toEqual({ customers: { totalCount: 1 } });
});
