import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetchExchange, Client as UrqlClient } from '@urql/core';
import { VERSION } from '../../src/shared/version.js';
import { postJson, type RawAnswer, type RawRequest, send } from '../support/http.js';
import { aKey, type MadeKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const json = 'application/json; charset=utf-8';
const typename = JSON.stringify({ query: '{ __typename }' });

let vault: TestVault;
let key: MadeKey;

beforeAll(async () => {
  vault = await startVault();
  key = await aKey(vault);
});

afterAll(() => vault.close());

/** A body that holds this many values: its own object, its query, its variables, their list, and the list's. */
function bodyOfValues(count: number): string {
  return JSON.stringify({ query: '{ __typename }', variables: { a: Array(count - 4).fill(1) } });
}

/** Asserts that an answer is a GraphQL error with this status and code, and tells nothing of the inside. */
function expectRefusal(answer: RawAnswer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe(json);
  expect(answer.headers['x-request-id']).toMatch(uuid);
  expect(JSON.parse(answer.text)).toEqual({
    errors: [expect.objectContaining({ message: expect.any(String), extensions: { code } })],
    extensions: expect.objectContaining({ requestId: answer.headers['x-request-id'] }),
  });
  expect(answer.text).not.toMatch(/<|node_modules|\.[jt]s\b|\n\s+at |FST_|canary/);
}

test('says on /healthz that the process is up', async () => {
  const answer = await send(`${vault.url}/healthz`);

  expect([answer.status, answer.text]).toEqual([200, `{"status":"up","version":"${VERSION}"}`]);
});

test('says on /readyz that the database answers', async () => {
  const answer = await send(`${vault.url}/readyz`);

  expect([answer.status, answer.text]).toEqual([200, '{"status":"ready"}']);
});

test.each<[string, string]>([
  ['data', '{ __typename }'],
  ['a list', '{ customers { totalCount } }'],
  ['a field error', '{ customers(first: 0) { totalCount } }'],
  ['a syntax error', '{ customers('],
  ['a validation error', '{ nothing }'],
])('gives the request id of an answer with %s in a header, too', async (_, query) => {
  const answer = await postJson(vault.url, JSON.stringify({ query }), key.headers);

  expect(answer.headers['x-request-id']).toMatch(uuid);
  expect(JSON.parse(answer.text).extensions.requestId).toBe(answer.headers['x-request-id']);
});

test("ignores a client's own request id", async () => {
  const own = '11111111-1111-4111-8111-111111111111';

  const answer = await postJson(vault.url, typename, { 'x-request-id': own });

  expect(answer.status).toBe(200);
  expect(answer.headers['x-request-id']).toMatch(uuid);
  expect(answer.headers['x-request-id']).not.toBe(own);
  expect(answer.text).not.toContain(own);
});

test('gives every request an id of its own', async () => {
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send(`${vault.url}/healthz`)));

  expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(5);
});

test.each<[string, string | Buffer]>([
  ['malformed', '{"query": canary'],
  ['empty', ''],
  ['null', 'null'],
  ['a list', '["canary"]'],
  ['an empty list', '[]'],
  ['a batch of operations', JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }])],
  ['a number', '1'],
  ['a string', '"canary"'],
  ['true', 'true'],
  ['an empty object', '{}'],
  ['an object without a query', '{"canary":1}'],
  ['an object with a query that is no text', '{"query":["canary"]}'],
  ['an object with an empty query', '{"query":""}'],
  ['an object with variables that are no object', '{"query":"{__typename}","variables":"canary"}'],
  ['an object with extensions that are no object', '{"query":"{__typename}","extensions":"canary"}'],
  ['an object with two queries', '{"query":"{__typename}","query":"{canary}"}'],
  [
    'an object with a member twice in its variables',
    '{"query":"{__typename}","variables":{"a":{"b":1,"b":"canary"}}}',
  ],
  [
    'an object with a member twice in other spellings',
    '{"query":"{__typename}","variables":{"a":1,"\\u0061":2}}',
  ],
  ['100,000 lists deep', `{"query":"{__typename}","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['65 deep', `{"query":"{__typename}","variables":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`],
  ['10,001 values', bodyOfValues(10_001)],
  ['50,000 empty objects', `{"query":"{__typename}","variables":{"a":[${'{},'.repeat(50_000)}{}]}}`],
  ['not UTF-8', Buffer.from('{"query":"{__typename}","a":"\xff"}', 'latin1')],
])('refuses a body that is %s', async (_, body) => {
  const answer = await postJson(vault.url, body, key.headers);

  expectRefusal(answer, 400, 'BAD_USER_INPUT');
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=canary',
  'application/graphql',
  'application/xml',
  'canary',
  'application/json; charset=utf-16',
  'application/json;charset="latin1"',
  'application/json; charset=utf-7',
  'application/json; charset=utf-8859-1',
  'application/json; charset="utf8',
  'application/json; charset=',
  undefined,
])('refuses a body of the type %s', async (type) => {
  const headers = type === undefined ? {} : { 'content-type': type };

  const answer = await send(`${vault.url}/graphql`, { method: 'POST', headers, body: typename });

  expectRefusal(answer, 415, 'BAD_USER_INPUT');
});

test.each(['gzip', 'br', 'deflate', 'GZIP', 'canary'])(
  'refuses a body that is compressed by %s',
  async (encoding) => {
    const answer = await postJson(vault.url, gzipSync(Buffer.alloc(100 * 1024 * 1024)), {
      'content-encoding': encoding,
    });

    expectRefusal(answer, 415, 'BAD_USER_INPUT');
  },
);

test.each([
  ['64 deep', `{"query":"{__typename}","variables":{"a":${'['.repeat(62)}${']'.repeat(62)}}}`],
  ['10,000 values', bodyOfValues(10_000)],
  ['commas and brackets in a string', JSON.stringify({ query: `{__typename} # ${',[{'.repeat(4_000)}` })],
])('takes a body of %s', async (_, body) => {
  const answer = await postJson(vault.url, body, key.headers);

  expect(answer.status).toBe(200);
});

test('takes a body with every kind of string, which has no member twice', async () => {
  const values = [
    '"',
    '\\',
    '\\"',
    ':',
    '{"a":1,"a":2}',
    '\u{1f600}',
    ['a:', { __proto__: null, b: ':' }],
    null,
    1.5,
  ];
  const body = JSON.stringify({
    query: '{ __typename }',
    variables: { values, '"a\\': { '"a\\': 1 }, __proto__: 1 },
  });

  const answer = await postJson(vault.url, body.replace('{"values"', '{"__proto__":{"x":1},"values"'));

  expect(answer.status).toBe(200);
});

test.each([
  ['short', 1],
  ['long', 30],
])('takes every character of a %s body as it stands, behind a byte order mark, too', async (_, keys) => {
  const value = 'aäß€漢字ไทย😀\u{10ffff}"\\\\'.repeat(20).slice(0, 400);
  const metadata = Object.fromEntries(Array.from({ length: keys }, (_, at) => [`ключ ${at}`, value]));
  const query =
    'mutation ($m: Metadata) { createCustomer(input: { name: "A", metadata: $m }) { customer { metadata } } }';

  const answer = await postJson(
    vault.url,
    `\ufeff${JSON.stringify({ query, variables: { m: metadata } })}`,
    key.headers,
  );

  expect(JSON.parse(answer.text).data).toEqual({ createCustomer: { customer: { metadata } } });
});

test.each(['/graphql', '/healthz', '/canary'])(
  'sends the headers that keep an answer to its caller with %s',
  async (path) => {
    const answer = await send(vault.url + path);

    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('server');
  },
);

test.each([
  'application/json',
  'application/json;charset=utf-8',
  'application/json; charset="UTF-8"',
  'application/json; charset=utf8',
  'application/json;charset=UTF8',
  'application/json; charset="utf8"',
  'application/json; charset=utf8; profile=canary',
])('takes a body of the type %s', async (type) => {
  const answer = await postJson(vault.url, typename, { 'content-type': type });

  expect([answer.status, JSON.parse(answer.text).data]).toEqual([200, { __typename: 'Query' }]);
});

test('refuses a body of 10 MB that says so', async () => {
  const answer = await postJson(vault.url, JSON.stringify({ query: 'canary'.repeat(1_700_000) }));

  expectRefusal(answer, 413, 'PAYLOAD_TOO_LARGE');
});

test('refuses a body of 10 MB that does not say how long it is', async () => {
  const body = JSON.stringify({ query: 'canary'.repeat(1_700_000) });

  const answer = await postJson(vault.url, body, {
    'transfer-encoding': 'chunked',
    ...key.headers,
  });

  expectRefusal(answer, 413, 'PAYLOAD_TOO_LARGE');
});

test('takes a body of 256 KiB and refuses one more byte', async () => {
  const body = JSON.stringify({ query: '{ __typename }' });
  const largest = body + ' '.repeat(256 * 1024 - body.length);

  const answers = await Promise.all(
    [largest, `${largest} `].map((text) => postJson(vault.url, text, key.headers)),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 413]);
});

test.each<[string, string, RawRequest]>([
  ['GET of an unknown path', '/canary', {}],
  ['GET of a path below /graphql', '/graphql/canary', {}],
  ['GET of a path that cannot be decoded', '/canary%', {}],
])('answers a %s with 404', async (_, path, request) => {
  const answer = await send(vault.url + path, request);

  expectRefusal(answer, 404, 'BAD_USER_INPUT');
});

test.each<[string, string, string, RawRequest]>([
  ['POST to a health route', '/healthz', 'GET', { method: 'POST' }],
  [
    'PUT',
    '/graphql?canary',
    'GET, POST',
    { method: 'PUT', headers: { 'content-type': json }, body: typename },
  ],
  ['DELETE', '/graphql', 'GET, POST', { method: 'DELETE' }],
  ['PATCH', '/graphql', 'GET, POST', { method: 'PATCH', headers: { 'content-type': json }, body: typename }],
])('answers a %s with 405 and what may be done', async (_, path, allowed, request) => {
  const answer = await send(vault.url + path, request);

  expectRefusal(answer, 405, 'BAD_USER_INPUT');
  expect(answer.headers['allow']).toBe(allowed);
});

test('refuses a query by GET that a form on another page could send', async () => {
  const answer = await send(`${vault.url}/graphql?query=${encodeURIComponent('{ __typename }')}`);

  expectRefusal(answer, 400, 'BAD_USER_INPUT');
});

test('answers a query by GET with a header that no form can send', async () => {
  const query = encodeURIComponent('{ __typename }');
  const answers = await Promise.all(
    [{ 'apollo-require-preflight': 'true' }, key.headers].map((headers) =>
      send(`${vault.url}/graphql?query=${query}`, { headers }),
    ),
  );

  expect(answers.map(({ status, text }) => [status, JSON.parse(text).data])).toEqual(
    Array(2).fill([200, { __typename: 'Query' }]),
  );
});

test('answers urql, which asks by GET as it comes, and its mutations by POST', async () => {
  const methods: unknown[] = [];
  const client = new UrqlClient({
    url: `${vault.url}/graphql`,
    fetch: (input, init) => {
      methods.push(init?.method);
      return fetch(input, init);
    },
    exchanges: [fetchExchange],
    preferGetMethod: true,
    fetchOptions: { headers: key.headers },
  });

  const made = await client
    .mutation('mutation { createCustomer(input: { name: "Ada" }) { customer { name } } }', {})
    .toPromise();
  const read = await client
    .query('query ($first: Int) { customers(first: $first, after: "") { nodes { name } } }', { first: 1 })
    .toPromise();

  expect(made.data).toMatchObject({ createCustomer: { customer: { name: 'Ada' } } });
  expect([read.error, read.data]).toEqual([undefined, { customers: { nodes: [{ name: 'Ada' }] } }]);
  expect(methods).toEqual(['POST', 'GET']);
});

test.each<[string, object]>([
  ['a wrong key', { authorization: `Bearer sk_test_${'0'.repeat(24)}_${'A'.repeat(43)}` }],
  // The only credentials that a browser adds by itself.
  ['those of Basic', { authorization: `Basic ${btoa('canary:')}` }],
])('tells a GET with %s that it is not authenticated', async (_, headers) => {
  const query = encodeURIComponent('{ customers { totalCount } }');

  const answer = await send(`${vault.url}/graphql?query=${query}`, { headers: { ...headers } });

  expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  expect(JSON.parse(answer.text).errors).toEqual([
    {
      message: 'A valid API key is required: `Authorization: Bearer <key>`.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ]);
});

test('refuses a GET whose header Authorization is empty as one without it', async () => {
  const answer = await send(`${vault.url}/graphql?query=${encodeURIComponent('{ __typename }')}`, {
    headers: { authorization: '' },
  });

  expectRefusal(answer, 400, 'BAD_USER_INPUT');
});

test('lets no page of another origin send the header Authorization', async () => {
  const asked = (origin: string) =>
    send(`${vault.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });

  const [listed, evil] = [
    await asked('https://studio.apollographql.com'),
    await asked('https://evil.example'),
  ];

  expect(listed.headers['access-control-allow-origin']).toBe('https://studio.apollographql.com');
  expect(evil.headers).not.toHaveProperty('access-control-allow-origin');
});

test('refuses a mutation by GET, also without the header for the preflight', async () => {
  const mutation = encodeURIComponent(
    'mutation { createCustomer(input: { name: "canary" }) { customer { id } } }',
  );

  for (const more of [{ 'apollo-require-preflight': 'true' }, {}]) {
    const answer = await send(`${vault.url}/graphql?query=${mutation}`, {
      headers: { ...more, ...key.headers },
    });

    expectRefusal(answer, 405, 'BAD_USER_INPUT');
  }
});

test.each(['variables=canary', 'extensions=canary', 'query=canary'])(
  'refuses a GET with %s beside the query',
  async (more) => {
    const query = encodeURIComponent('{ __typename }');

    const answer = await send(`${vault.url}/graphql?query=${query}&${more}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });

    expectRefusal(answer, 400, 'BAD_USER_INPUT');
  },
);

test('refuses to answer in a type that it does not have', async () => {
  const answer = await postJson(vault.url, typename, { accept: 'image/canary' });

  expectRefusal(answer, 406, 'BAD_USER_INPUT');
});

test('refuses headers of more than 8 KiB', async () => {
  const answer = await send(`${vault.url}/graphql`, { headers: { 'x-canary': 'canary'.repeat(2_000) } });

  expectRefusal(answer, 431, 'PAYLOAD_TOO_LARGE');
});

test('answers what is no HTTP with a GraphQL error', async () => {
  const answer = await sendBytes('canary\r\n\r\n');

  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
  expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    extensions: { requestId: expect.stringMatching(uuid) },
  });
  expect(answer).not.toContain('canary');
});

test.each<[string, number, string]>([
  ['the header Host', 400, 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
  [
    'an expectation that anybody meets',
    417,
    'GET /healthz HTTP/1.1\r\nhost: vault\r\nexpect: canary\r\n\r\n',
  ],
])('answers what lacks %s with a GraphQL error', async (_, status, bytes) => {
  const [head = '', body = ''] = (await sendBytes(bytes)).split('\r\n\r\n');

  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/^x-content-type-options: nosniff\r$/m);
  expect(JSON.parse(body)).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    extensions: { requestId: expect.stringMatching(uuid) },
  });
  expect(body).not.toContain('canary');
});

test('answers HTTP/1.0 without the header Host', async () => {
  const answer = await sendBytes('GET /healthz HTTP/1.0\r\n\r\n');

  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer.split('\r\n\r\n')[1]).toMatch(/^\{"status":"up",/);
});

test('answers pipelined requests in their order', async () => {
  const requests = ['/healthz', '/canary', '/readyz'].map(
    (path) => `GET ${path} HTTP/1.1\r\nhost: vault\r\n`,
  );

  const answer = await sendBytes(`${requests.join('\r\n')}connection: close\r\n\r\n`);

  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
});

test.each(['subscription { x }', 'subscription Canary { canary: x }'])(
  'refuses the operation type that the schema lacks in %s',
  async (query) => {
    const answer = await postJson(vault.url, JSON.stringify({ query }), key.headers);

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).errors).toEqual([
      expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
    ]);
  },
);

test.each<[string, object]>([
  ['names an operation that is not there', { query: 'query A { __typename }', operationName: 'canary' }],
  ['does not say which of its operations', { query: 'query A { __typename } query B { __typename }' }],
])('refuses a request that %s', async (_, body) => {
  const answer = await postJson(vault.url, JSON.stringify(body), key.headers);

  expectRefusal(answer, 400, 'BAD_USER_INPUT');
});

test('takes a document of 1,000 tokens and refuses one of 1,001', async () => {
  const ofTokens = (count: number) =>
    JSON.stringify({ query: `{ nodes(ids: [${'"a" '.repeat(count - 12)}]) { id } }` });

  const answers = await Promise.all(
    [1_000, 1_001].map((count) => postJson(vault.url, ofTokens(count), key.headers)),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  expect(JSON.parse(answers[1]?.text ?? '').errors[0].extensions.code).toBe('GRAPHQL_PARSE_FAILED');
});

test("lets the pages of Apollo Studio read answers, and nobody else's", async () => {
  const origins = [
    'https://studio.apollographql.com',
    'https://sandbox.embed.apollographql.com',
    'https://evil.example',
  ];

  const answers = await Promise.all(origins.map((origin) => postJson(vault.url, typename, { origin })));

  expect(answers.map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
    'https://studio.apollographql.com',
    'https://sandbox.embed.apollographql.com',
    undefined,
  ]);
});

test('answers a preflight with a request id', async () => {
  const answer = await send(`${vault.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://studio.apollographql.com', 'access-control-request-method': 'POST' },
  });

  expect(answer.status).toBe(204);
  expect(answer.headers['x-request-id']).toMatch(uuid);
});

test('answers good requests after all that it has refused', async () => {
  const answer = await vault.owner.execute('{ customers { totalCount } }');

  expect(answer.expectData()).toEqual({ customers: { totalCount: 0 } });
});

function sendBytes(bytes: string): Promise<string> {
  const { hostname, port } = new URL(vault.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}
