import { postJson, send } from '../support/http.js';
import { aKey, type MadeKey } from '../support/keys.js';
import { exchange } from '../support/sockets.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

const pinoKeys = ['level', 'time', 'msg'];
const requestKeys = ['requestId', 'status', 'durationMs', 'statements'];

const SECRET_LENGTH = 43;

let vault: TestVault;
let key: MadeKey;

beforeAll(async () => {
  vault = await startVault();
  key = await aKey(vault);
});

afterAll(() => vault.close());

async function logOf(body: object, headers: object = key.headers) {
  const answer = await postJson(vault.url, JSON.stringify(body), { ...headers });
  return loggedRequest(vault.logged, String(answer.headers['x-request-id']));
}

test('logs of a request who asked for which fields, how it ended and what it took, and nothing else', async () => {
  const line = await logOf({ query: '{ customers { nodes { id } } __typename }' });

  expect(Object.keys(line).sort()).toEqual(
    [...pinoKeys, ...requestKeys, 'merchantId', 'keyId', 'operationHash', 'rootFields'].sort(),
  );
  expect(line).toMatchObject({
    merchantId: key.merchantId,
    keyId: key.id,
    operationHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    rootFields: ['customers', '__typename'],
    status: 200,
    durationMs: expect.any(Number),
    statements: 1,
    msg: 'request',
  });
});

test('logs neither a merchant nor a key of a request without a good one', async () => {
  const line = await logOf({ query: '{ customers { nodes { id } } }' }, {});

  // Nor is its document looked at.
  expect(Object.keys(line).sort()).toEqual([...pinoKeys, ...requestKeys].sort());
  expect(line).toMatchObject({ status: 401, statements: 0 });
});

test('logs a request that was refused before it was an operation', async () => {
  const answer = await postJson(vault.url, '{');

  const line = await loggedRequest(vault.logged, String(answer.headers['x-request-id']));

  expect(Object.keys(line).sort()).toEqual([...pinoKeys, ...requestKeys].sort());
  expect(line).toMatchObject({ status: 400, statements: 0 });
});

test('logs a request that is refused before anything else is looked at', async () => {
  const answer = await exchange(vault.url, 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n');

  const [, requestId = ''] = /^x-request-id: (.+)\r$/m.exec(answer) ?? [];
  const line = await loggedRequest(vault.logged, requestId);

  expect(line).toMatchObject({ status: 400, statements: 0 });
});

test('logs one line a request', async () => {
  const answer = await postJson(vault.url, '{"query":"{ __typename }"}');
  const requestId = String(answer.headers['x-request-id']);

  await loggedRequest(vault.logged, requestId);

  expect(vault.logged().split(requestId)).toHaveLength(2);
});

test('logs nothing of a good answer of the health routes', async () => {
  const answer = await send(`${vault.url}/readyz`);
  await logOf({ query: '{ __typename }' });

  expect(vault.logged()).not.toContain(String(answer.headers['x-request-id']));
});

test('logs nothing that a caller sends in a good request', async () => {
  const answer = await postJson(
    vault.url,
    JSON.stringify({
      operationName: 'CanaryOperation',
      query: `query CanaryOperation($canaryVariable: CustomerFilter) {
        # canaryComment
        canaryAlias: customers(filter: $canaryVariable) { ...CanaryFragment }
        other: customers(filter: { search: "canaryliteral" }) { totalCount }
      }
      fragment CanaryFragment on CustomerConnection { totalCount }`,
      variables: { canaryVariable: { email: 'canary@example.com' }, canaryExtra: 'canary' },
      extensions: { canaryExtension: 'canary' },
    }),
    {
      ...key.headers,
      'user-agent': 'canary-agent',
      'x-canary': 'canary',
      'apollographql-client-name': 'canary',
      referer: 'https://canary.example/',
    },
  );
  await loggedRequest(vault.logged, String(answer.headers['x-request-id']));

  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text).errors).toBeUndefined();
  expect(vault.logged()).not.toMatch(/canary/i);
  expect(vault.logged()).not.toContain(key.key.slice(-SECRET_LENGTH));
});

test('logs nothing that a caller sends in a URL', async () => {
  const query = encodeURIComponent(
    'query CanaryOperation($canary: ID = "canary") { node(id: $canary) { id } }',
  );

  const answer = await send(`${vault.url}/graphql?query=${query}&canary=canary`, {
    headers: { 'apollo-require-preflight': 'canary', ...key.headers },
  });
  await loggedRequest(vault.logged, String(answer.headers['x-request-id']));

  expect(JSON.parse(answer.text)).toMatchObject({ data: { node: null } });
  expect(vault.logged()).not.toMatch(/canary/i);
});

test.each([
  ['an unknown field', '{ canary }'],
  ['a syntax error', '{ customers(filter: "canary'],
  ['a field of the wrong type', '{ customers(first: "canary") { totalCount } }'],
  ['an unknown variable', '{ node(id: $canary) { id } }'],
  ['an unknown argument', '{ node(id: "0", canary: "canary") { id } }'],
  ['an unknown directive', '{ __typename @canary }'],
  ['an unknown fragment', '{ ...Canary }'],
  ['an unknown type', 'query ($canary: Canary) { node(id: $canary) { id } }'],
  ['an alias of two fields', '{ canary: customer(id: "canary") { id } canary: node(id: "0") { id } }'],
  [
    'a value that is not of an enum',
    '{ customers(orderBy: { field: CANARY, direction: ASC }) { totalCount } }',
  ],
  [
    'an operation that is too complex',
    `query Canary { canary: __typename ${'canary: __typename '.repeat(20)} }`,
  ],
])('logs nothing of what is refused for %s', async (_, query) => {
  const line = await logOf({ query });

  expect(line['status']).toBe(400);
  expect(vault.logged()).not.toMatch(/canary/i);
});

test.each<[string, string, object]>([
  ['a cursor', 'query ($v: String) { customers(after: $v) { totalCount } }', { v: 'canary' }],
  [
    'a value that is not of an enum',
    'query ($v: CustomerOrder) { customers(orderBy: $v) { totalCount } }',
    { v: { field: 'CANARY', direction: 'ASC' } },
  ],
  [
    'a key of JSON',
    'mutation ($v: CreateCustomerInput!) { createCustomer(input: $v) { userErrors { code } } }',
    { v: { name: 'a', canary: 'canary' } },
  ],
  [
    'a key of metadata',
    'mutation ($v: CreateCustomerInput!) { createCustomer(input: $v) { userErrors { code } } }',
    { v: { name: 'a', metadata: { canary: { canary: 'canary' } } } },
  ],
  ['a variable’s name', 'query ($canary: Int!) { customers(first: $canary) { totalCount } }', {}],
  [
    'a payment token',
    'mutation ($v: LinkPaymentMethodInput!) { linkPaymentMethod(input: $v) { userErrors { code } } }',
    { v: { customerId: 'canary', token: 'canary' } },
  ],
])('logs nothing of what is refused for %s in a variable', async (_, query, variables) => {
  await logOf({ query, variables });

  expect(vault.logged()).not.toMatch(/canary/i);
});

test('logs nothing of a persisted query that it does not know', async () => {
  await logOf({ extensions: { persistedQuery: { version: 1, sha256Hash: 'canary' } } });

  expect(vault.logged()).not.toMatch(/canary/i);
});

test('logs nothing of an address that leads nowhere', async () => {
  const answer = await send(`${vault.url}/canary/4242424242424242?canary`);
  const line = await loggedRequest(vault.logged, String(answer.headers['x-request-id']));

  expect(line['status']).toBe(404);
  expect(vault.logged()).not.toMatch(/canary|4242/i);
});
