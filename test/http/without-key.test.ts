import { getIntrospectionQuery } from 'graphql';
import { postJson, type RawAnswer, type RawRequest, send } from '../support/http.js';
import { exchange, postBytes } from '../support/sockets.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const unknownFields = `{ ${Array.from({ length: 300 }, (_, number) => `unknown${number}`).join(' ')} }`;
const hash = '0'.repeat(64);
const graphqlResponse = { accept: 'application/graphql-response+json' };

let vault: TestVault;
let production: TestVault;

beforeAll(async () => {
  vault = await startVault();
  production = await startVault({ settings: { production: true } });
});

afterAll(async () => {
  await vault.close();
  await production.close();
});

function get(query: string, headers: RawRequest['headers'] = {}): Promise<RawAnswer> {
  return send(`${vault.url}/graphql?${query}`, { headers: { 'apollo-require-preflight': '1', ...headers } });
}

/** Asserts the one answer that there is for whoever has no good key. */
function expectUnauthenticated({ status, headers, text }: RawAnswer, type = 'application/json'): void {
  expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
  expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
  expect(headers['cache-control']).toBe('no-store');
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: 'A valid API key is required: `Authorization: Bearer <key>`.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
    extensions: { requestId: headers['x-request-id'], cost: { requested: 0, limit: 5_000 } },
  });
}

test.each<[string, object]>([
  ['a query', { query: '{ customers { totalCount } }' }],
  ['300 unknown fields', { query: unknownFields }],
  ['a document with a fault in its syntax', { query: '{ customers(' }],
  ['a mutation', { query: 'mutation { createCustomer(input: { name: "A" }) { customer { id } } }' }],
  ['a query that mentions __typename', { query: '{ __typename customers { totalCount } }' }],
  ['a long introspection', { query: `${getIntrospectionQuery()} #${' '.repeat(8_192)}` }],
  ['a hash', { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }],
  [
    'a hash with its document',
    { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
  ],
  ['more variables than it reads', { query: '{ __typename }', variables: { a: 'a'.repeat(20_000) } }],
])('answers one and the same 401 to %s without a key, and with a wrong one', async (_, body) => {
  const text = JSON.stringify(body);

  const none = await postJson(vault.url, text);
  const wrong = await postJson(vault.url, text, { authorization: 'Bearer sk_test_nonsense' });
  const inProduction = await postJson(production.url, text);
  const typed = await postJson(vault.url, text, graphqlResponse);

  expectUnauthenticated(none);
  expectUnauthenticated(wrong);
  expectUnauthenticated(inProduction);
  expectUnauthenticated(typed, 'application/graphql-response+json');
});

test.each<[string, string]>([
  ['a query', `query=${encodeURIComponent('{ customers { totalCount } }')}`],
  [
    'a hash',
    `extensions=${encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } }))}`,
  ],
])('answers the same 401 to %s by GET', async (_, query) => {
  expectUnauthenticated(await get(query));
  expectUnauthenticated(await get(query, graphqlResponse), 'application/graphql-response+json');
});

test('answers the same 401 to a long body in chunks, without waiting for its end', async () => {
  const chunk = `${(20_000).toString(16)}\r\n${' '.repeat(20_000)}\r\n`;

  const answer = await exchange(vault.url, postBytes(chunk, { 'transfer-encoding': 'chunked' }));

  expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
  expect(answer).toMatch(/\r\nconnection: close\r\n/);
});

test('does not parse what it refuses', async () => {
  const answer = await postJson(vault.url, JSON.stringify({ query: unknownFields }));

  const line = await loggedRequest(vault.logged, String(answer.headers['x-request-id']));

  expect(line).toMatchObject({ status: 401, statements: 0 });
  expect(line).not.toHaveProperty('operationHash');
});

test('lets an explorer load the schema without a key, and in production nobody', async () => {
  const body = JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true }) });

  const answer = await postJson(vault.url, body);
  const inProduction = await postJson(production.url, body);

  expect(JSON.parse(answer.text).data.__schema.types.length).toBeGreaterThan(50);
  expect([answer.status, inProduction.status]).toEqual([200, 400]);
});

test('tells its __typename to everybody, in production, too', async () => {
  const answers = await Promise.all(
    [vault, production].map(({ url }) => postJson(url, JSON.stringify({ query: '{ __typename }' }))),
  );

  expect(answers.map(({ text }) => JSON.parse(text).data)).toEqual([
    { __typename: 'Query' },
    { __typename: 'Query' },
  ]);
});
