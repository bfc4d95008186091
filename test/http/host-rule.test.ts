import { hostRuleOf, isLoopback } from '../../src/http/host-rule.js';
import { type RawRequest, send } from '../support/http.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const studio = 'https://studio.apollographql.com';
const typename = { method: 'POST', body: '{"query":"{__typename}"}' };
const json = { 'content-type': 'application/json' };
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ hostRule: hostRuleOf('127.0.0.1') });
});

afterAll(() => vault.close());

test.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:4000', '[::1]', '[::1]:65535'])(
  'takes the host %s for this machine, wherever the server listens',
  (host) => {
    expect([hostRuleOf('127.0.0.1')(host), hostRuleOf('0.0.0.0')(host)]).toEqual([true, true]);
  },
);

test.each([
  '',
  ':4000',
  'example.com',
  'localhost.example.com',
  'localhost.',
  'example.com:localhost',
  '127.0.0.1.example.com',
  '127.0.0.1.example.com:4000',
  'localhost:400000',
  'localhost:',
  'user@localhost',
  'localhost\n',
  '::1',
  'a.local.example.com',
  'local.',
  '.local',
  `${'a'.repeat(300)}.local`,
])('takes the host %j for another, wherever the server listens', (host) => {
  expect([hostRuleOf('127.0.0.1')(host), hostRuleOf('0.0.0.0')(host)]).toEqual([false, false]);
});

test.each([
  '0.0.0.0:4000',
  '127.0.0.2',
  '192.168.1.20:4000',
  '[fe80::1]:4000',
  'vault:4000',
  'my-laptop.local:4000',
  'host.docker.internal:4000',
  'vault.localhost',
])(
  'takes the host %s, which is nobody’s in the public DNS, only where others may reach the server',
  (host) => {
    expect([hostRuleOf('127.0.0.1')(host), hostRuleOf('0.0.0.0')(host)]).toEqual([false, true]);
  },
);

test.each([
  ['127.0.0.2', '127.0.0.2:4000'],
  ['::1', '[::1]:4000'],
  ['fd00::20', '[fd00::20]:4000'],
  ['vault.example.com', 'Vault.example.com:4000'],
])('takes the address %s where the server was told to listen', (address, host) => {
  expect(hostRuleOf(address)(host)).toBe(true);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.0.0.2', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.20', false],
  ['127.0.0.1.example.com', false],
])('tells whether %s is reached from the same machine only: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test.each<[string, string, RawRequest]>([
  ['a page', '/', {}],
  ['a query with a right key', '/graphql', { ...typename, headers: json }],
  ['a query by GET', '/graphql?query={__typename}', { headers: { 'apollo-require-preflight': '1' } }],
  [
    'a preflight',
    '/graphql',
    { method: 'OPTIONS', headers: { origin: studio, 'access-control-request-method': 'POST' } },
  ],
  ['the health', '/healthz', {}],
  ['the readiness', '/readyz', {}],
  ['the metrics', '/metrics', {}],
  ['what there is not', '/nothing', {}],
  ['a body too large', '/graphql', { method: 'POST', headers: json, body: ' '.repeat(300_000) }],
])('answers %s under a foreign name with 421, and lets no page read that', async (_, path, request) => {
  const { authorization = '' } = (await aKey(vault)).headers;
  const headers = { authorization, origin: studio, ...request.headers, host: 'evil.example:4000' };

  const answer = await send(vault.url + path, { ...request, headers });

  expect([answer.status, answer.headers['content-type']]).toEqual([421, 'application/json; charset=utf-8']);
  expect(JSON.parse(answer.text)).toEqual({
    errors: [{ message: expect.stringContaining('Host'), extensions: { code: 'BAD_USER_INPUT' } }],
    extensions: { requestId: answer.headers['x-request-id'] },
  });
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  expect(answer.headers).not.toHaveProperty('ratelimit');
});

test('believes no header about the name but `Host`', async () => {
  const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };

  const answers = await Promise.all([
    send(`${vault.url}/healthz`, { headers: { host: 'evil.example', ...forwarded } }),
    send(`${vault.url}/healthz`, { headers: { 'x-forwarded-host': 'evil.example' } }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([421, 200]);
});
