import { setTimeout as sleep } from 'node:timers/promises';
import { postJson } from '../support/http.js';
import { aKey, changeKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const query = '{ customers { totalCount } }';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

interface Asked {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

/** Asks with an `Authorization` header; the request id is left out of the answer. */
async function ask(authorization: string | undefined, document = query): Promise<Asked> {
  const headers = authorization === undefined ? {} : { authorization };
  const {
    status,
    headers: got,
    text,
  } = await postJson(vault.url, JSON.stringify({ query: document }), headers);
  const { extensions, ...body } = JSON.parse(text);
  expect(Object.keys(extensions)).toContain('requestId');
  return { status, challenge: got['www-authenticate'], body };
}

const refusal: Asked = {
  status: 401,
  challenge: 'Bearer',
  // It tells the form to everybody: some clients send a key in another one.
  body: {
    errors: [
      {
        message: 'A valid API key is required: `Authorization: Bearer <key>`.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
  },
};

test('lets a good key in', async () => {
  const { headers } = await aKey(vault);

  expect(await ask(headers.authorization)).toMatchObject({
    status: 200,
    body: { data: { customers: { totalCount: 0 } } },
  });
});

test.each<[string, (key: string) => string]>([
  ['the scheme in lower case', (key) => `bearer ${key}`],
  ['the scheme in upper case', (key) => `BEARER ${key}`],
  ['two blanks', (key) => `Bearer  ${key}`],
  ['a tab', (key) => `Bearer\t${key}`],
  ['blanks and tabs', (key) => `Bearer \t \t${key}`],
  ['a blank at the end', (key) => `Bearer ${key} `],
])('lets a good key in behind %s', async (_, toHeader) => {
  const { key } = await aKey(vault);

  expect(await ask(toHeader(key))).toMatchObject({
    status: 200,
    body: { data: { customers: { totalCount: 0 } } },
  });
});

test('refuses a key in the header `x-api-key`, and tells the right one', async () => {
  const { key } = await aKey(vault);

  const { status, text } = await postJson(vault.url, JSON.stringify({ query }), { 'x-api-key': key });

  expect(status).toBe(401);
  expect(JSON.parse(text).errors).toEqual((refusal.body as { errors: unknown }).errors);
});

test('goes by the first of two headers', async () => {
  const { headers } = await aKey(vault);
  const ask = async (values: string[]) =>
    (await postJson(vault.url, JSON.stringify({ query }), { Authorization: values })).status;

  const statuses = [
    await ask([headers.authorization, 'Bearer nonsense']),
    await ask(['Bearer nonsense', headers.authorization]),
  ];

  expect(statuses).toEqual([200, 401]);
});

test('refuses a request without a key', async () => {
  expect(await ask(undefined)).toEqual(refusal);
});

test.each<[string, (key: string) => string]>([
  ['no key after the scheme', () => 'Bearer'],
  ['an empty key', () => 'Bearer '],
  ['no scheme', (key) => key],
  ['another scheme', (key) => `Basic ${key}`],
  ['the key as the user of Basic', (key) => `Basic ${btoa(`${key}:`)}`],
  ['a quoted key', (key) => `Bearer "${key}"`],
  ['more after the key', (key) => `Bearer ${key} more`],
  ['two keys', (key) => `Bearer ${key}, Bearer ${key}`],
  ['a character more', (key) => `Bearer ${key}A`],
  ['a character less', (key) => `Bearer ${key.slice(0, -1)}`],
  ['a merchant in upper case', (key) => `Bearer ${key.replace(/_[0-9a-f]{24}_/, (id) => id.toUpperCase())}`],
  [
    'an id in upper case',
    (key) => `Bearer ${key.replace(/_[0-9a-f]{24}_(?=.{43}$)/, (id) => id.toUpperCase())}`,
  ],
  ['a mode that does not exist', (key) => `Bearer ${key.replace('_test_', '_prod_')}`],
  ['the mode of another key', (key) => `Bearer ${key.replace('_test_', '_live_')}`],
  [
    'a merchant that was never given out',
    (key) => `Bearer ${key.replace(/_[0-9a-f]{24}_/, `_${'0'.repeat(24)}_`)}`,
  ],
  [
    'an id that was never given out',
    (key) => `Bearer ${key.replace(/_[0-9a-f]{24}_(?=.{43}$)/, `_${'0'.repeat(24)}_`)}`,
  ],
  ['a wrong secret', (key) => `Bearer ${key.slice(0, -43)}${'A'.repeat(43)}`],
  ['a very long key', (key) => `Bearer ${key.repeat(50)}`],
])('refuses a header with %s as one that is missing', async (_, toHeader) => {
  const { key } = await aKey(vault);

  expect(await ask(toHeader(key))).toEqual(refusal);
});

test.each([
  ['expired', "expires_at = now() - interval '1 second'"],
  ['revoked', 'revoked_at = now()'],
])('refuses a key that has been %s as one that is missing', async (_, assignment) => {
  const key = await aKey(vault);
  await changeKey(vault, key, assignment);

  expect(await ask(key.headers.authorization)).toEqual(refusal);
});

test('lets a key in until it expires', async () => {
  const key = await aKey(vault);
  await changeKey(vault, key, "expires_at = now() + interval '300 milliseconds'");
  const before = await ask(key.headers.authorization);

  await sleep(350);

  expect(before.status).toBe(200);
  expect(await ask(key.headers.authorization)).toEqual(refusal);
});

test('refuses a key within 5 s after it was revoked, however often it is used', async () => {
  const key = await aKey(vault);
  const before = await ask(key.headers.authorization);
  await changeKey(vault, key, 'revoked_at = now()');
  const until = Date.now() + 5_000;
  while (Date.now() < until) {
    await ask(key.headers.authorization);
    await sleep(250);
  }

  expect(before.status).toBe(200);
  expect(await ask(key.headers.authorization)).toEqual(refusal);
});

test.each([
  ['{ __typename }', { __typename: 'Query' }],
  ['{ __schema { queryType { name } } }', { __schema: { queryType: { name: 'Query' } } }],
  ['{ __type(name: "Customer") { kind } }', { __type: { kind: 'OBJECT' } }],
  ['mutation { __typename }', { __typename: 'Mutation' }],
])('answers %s without a key', async (document, data) => {
  expect(await ask(undefined, document)).toMatchObject({ status: 200, body: { data } });
});

test.each([
  '{ __typename customers { totalCount } }',
  '{ __schema: customers { totalCount } }',
  '{ __typename ... on Query { customers { totalCount } } }',
  '{ __typename ...More } fragment More on Query { customers { totalCount } }',
  '{ __typename customers @include(if: false) { totalCount } }',
  'mutation { __typename deleteCustomer(input: { id: "0" }) { deletedCustomerId } }',
])('refuses %s without a key as a whole', async (document) => {
  expect(await ask(undefined, document)).toEqual(refusal);
});

test('sends nothing to the database for a request without a key', async () => {
  const { texts } = recordQueries();

  await ask(undefined);
  await ask('Bearer nonsense');

  expect(texts).toEqual([]);
});

/** Notes that something went to the database on any of its ways. */
function recordQueries(): { readonly texts: string[] } {
  const texts: string[] = [];
  const { database } = vault;
  const [models, read] = [database.models.bind(database), database.read.bind(database)];
  database.models = (work) => {
    texts.push('models');
    return models(work);
  };
  database.read = (statement) => {
    texts.push(statement.text);
    return read(statement);
  };
  return { texts };
}
