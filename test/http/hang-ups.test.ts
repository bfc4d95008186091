import { once } from 'node:events';
import { Client } from '../support/client.js';
import { holdStatements } from '../support/held-statements.js';
import { aKey } from '../support/keys.js';
import { metric, open, postBytes, sendAndHangUp, until } from '../support/sockets.js';
import { startVault, type TestVault } from '../support/vault.js';

const HANG_UPS = 1_100;
const search = JSON.stringify({ query: '{ customers(first: 1) { nodes { id } } }' });
const hungUp = 'vault_request_duration_seconds_count{route="/graphql",status="499"}';
const wrongInput = 'vault_errors_total{code="BAD_USER_INPUT"}';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Waits until only the request for the metrics itself is in flight. */
async function expectNothingInFlight(): Promise<void> {
  await until(async () => (await metric(vault.url, 'vault_requests_in_flight')) === 1);
  expect(await metric(vault.url, 'vault_requests_waiting')).toBe(0);
  expect(await metric(vault.url, 'vault_unread_bytes')).toBe(0);
}

function chunked(body: string, headers: Readonly<Record<string, string>>): string {
  const half = Math.ceil(body.length / 2);
  const chunks = [body.slice(0, half), body.slice(half), ''];
  const text = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return postBytes(text, { ...headers, 'transfer-encoding': 'chunked' });
}

test.each<[string, (headers: Readonly<Record<string, string>>) => string]>([
  ['with its length', (headers) => postBytes(search, headers)],
  ['in chunks', (headers) => chunked(search, headers)],
])('serves everybody after 1,100 hang-ups, at every byte of a request %s', async (_, request) => {
  const { headers } = await aKey(vault);
  const kinds = [request({}), request(headers)];
  const errorsBefore = await metric(vault.url, wrongInput);
  const bytes = Array.from({ length: HANG_UPS }, (_, number) => {
    const whole = kinds[number % kinds.length] ?? '';
    return whole.slice(0, Math.floor(number / kinds.length) % (whole.length + 1));
  });

  while (bytes.length > 0)
    await Promise.all(bytes.splice(0, 50).map((each) => sendAndHangUp(vault.url, each)));
  await expectNothingInFlight();

  expect((await vault.owner.execute('{ customers { totalCount } }')).status).toBe(200);
  expect(await metric(vault.url, hungUp)).toBeGreaterThan(0);
  expect(await metric(vault.url, wrongInput)).toBe(errorsBefore);
  expect(vault.logged()).toMatch(/"status":499/);
});

test('serves everybody after 1,100 hang-ups in the middle of a body', async () => {
  const half = postBytes(search).slice(0, -10);

  for (let sent = 0; sent < HANG_UPS; sent += 50)
    await Promise.all(Array.from({ length: 50 }, () => sendAndHangUp(vault.url, half)));
  await expectNothingInFlight();

  expect((await vault.owner.execute('{ customers { totalCount } }')).status).toBe(200);
});

test('goes on with the work of those who left, at most 64 at once, and forgets those who waited', async () => {
  const { merchantId, headers } = await aKey(vault);
  const client = new Client(vault.url, headers);
  (await client.execute('{ __typename }')).expectData();
  const held = holdStatements(vault.database, merchantId);
  const sockets = await Promise.all(Array.from({ length: 100 }, () => open(vault.url)));
  for (const socket of sockets) socket.write(postBytes(search, headers));
  await until(async () => (await metric(vault.url, 'vault_requests_waiting')) === 36);

  for (const socket of sockets) socket.resetAndDestroy();
  await expectNothingInFlight();
  const later = client.executeOnce('{ customers { totalCount } }');
  await until(async () => (await metric(vault.url, 'vault_requests_waiting')) === 1);
  const atWork = held.count();
  held.release();

  expect(atWork).toBe(64);
  expect((await later).status).toBe(200);
  await expectNothingInFlight();
});

test.each<[string, string]>([
  ['requests behind each other', postBytes(search).repeat(20)],
  ['a health check', 'GET /readyz HTTP/1.1\r\nhost: vault\r\n\r\n'],
  ['the metrics', 'GET /metrics HTTP/1.1\r\nhost: vault\r\n\r\n'],
  ['an address that there is not', 'GET /nothing HTTP/1.1\r\nhost: vault\r\n\r\n'],
  ['an address that cannot be read', 'GET /% HTTP/1.1\r\nhost: vault\r\n\r\n'],
  ['another method', 'PUT /graphql HTTP/1.1\r\nhost: vault\r\ncontent-length: 9\r\n\r\n{'],
  ['HEAD', 'HEAD /healthz HTTP/1.1\r\nhost: vault\r\n\r\n'],
  ['OPTIONS', 'OPTIONS /graphql HTTP/1.1\r\nhost: vault\r\norigin: https://a.example\r\n\r\n'],
  ['too large a body', postBytes('{', { 'content-length': '999999999' })],
  ['a body of another type', postBytes('{', { 'content-type': 'text/plain', 'content-length': '99' })],
  ['an expectation', postBytes('{', { expect: '100-continue', 'content-length': '99' })],
  ['an expectation that nobody meets', postBytes('{', { expect: 'a pony', 'content-length': '99' })],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['HTTP/1.0', 'GET /readyz HTTP/1.0\r\n\r\n'],
  ['what is no HTTP after a request', `${postBytes(search)}canary\r\n\r\n`],
  ['what is no chunk', postBytes('canary\r\n', { 'transfer-encoding': 'chunked' })],
])('has nothing in flight after clients that sent %s have left', async (_, bytes) => {
  await Promise.all(Array.from({ length: 20 }, () => sendAndHangUp(vault.url, bytes)));
  const sockets = await Promise.all(Array.from({ length: 20 }, () => open(vault.url)));
  for (const socket of sockets) socket.end(bytes);
  await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));

  await expectNothingInFlight();
});
