import { trafficLimits } from '../../src/http/traffic-limits.js';
import { postJson } from '../support/http.js';
import { aKey } from '../support/keys.js';
import { exchange, metric, open, postBytes, until } from '../support/sockets.js';
import { startVault, type TestVault } from '../support/vault.js';

const HALF = 125_000;
const body = JSON.stringify({ query: '{ __typename }', variables: { a: 'a'.repeat(2 * HALF) } });

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test('keeps no more than its share of bodies that arrive for one merchant, and takes those of another', async () => {
  const { headers } = await aKey(vault);
  const other = await aKey(vault);
  const stalled = Math.ceil(trafficLimits(32).bodies.ofOne / HALF);
  const sockets = await Promise.all(Array.from({ length: stalled }, () => open(vault.url)));
  for (const socket of sockets) socket.write(postBytes(body, headers).slice(0, HALF));
  await until(async () => (await metric(vault.url, 'vault_requests_in_flight')) > stalled - 5);

  const refused = await exchange(vault.url, postBytes(body, headers));
  const answer = await postJson(vault.url, body, other.headers);
  for (const socket of sockets) socket.resetAndDestroy();
  await until(async () => (await metric(vault.url, 'vault_requests_in_flight')) === 1);
  const later = await postJson(vault.url, body, headers);

  expect(refused).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
  expect(refused).toMatch(/\r\nretry-after: 1\r\n/);
  expect(refused).toMatch(/"code":"OVERLOADED"/);
  expect([answer.status, later.status]).toEqual([200, 200]);
});
