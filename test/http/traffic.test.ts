import { ANSWER_MS, trafficLimits } from '../../src/http/traffic-limits.js';
import { Client } from '../support/client.js';
import { type Held, holdStatements } from '../support/held-statements.js';
import { send } from '../support/http.js';
import { aKey, aPartner } from '../support/keys.js';
import { exchange, metric, open, postBytes, until } from '../support/sockets.js';
import { startVault, type TestVault } from '../support/vault.js';

const { placesOfOne, atOnce } = trafficLimits(64).queue;
const search = '{ customers(first: 1) { nodes { id } } }';

let vault: TestVault;
let held: Held | null = null;

beforeAll(async () => {
  vault = await startVault();
});

afterEach(() => held?.release());
afterAll(() => vault.close());

/** A merchant whose look-ups wait, and a client of it. */
async function aHeldMerchant(): Promise<{ client: Client; held: Held }> {
  const { merchantId, headers } = await aKey(vault);
  const client = new Client(vault.url, headers);
  (await client.executeOnce(search)).expectData();
  held = holdStatements(vault.database, merchantId);
  return { client, held };
}

test('gives one merchant half of the places and executes 64 of its requests at once; others notice nothing', async () => {
  const busy = await aHeldMerchant();
  const answers = Array.from({ length: placesOfOne }, () => busy.client.executeOnce(search));
  await until(async () => (await metric(vault.url, 'vault_requests_waiting')) === placesOfOne - atOnce);

  const refused = await busy.client.executeOnce('{ __typename }');
  const others = await Promise.all(Array.from({ length: 40 }, () => vault.owner.executeOnce(search)));
  const health = await send(`${vault.url}/healthz`);
  const heldAtOnce = busy.held.count();
  busy.held.release();

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(refused.expectErrors()).toEqual([{ code: 'OVERLOADED' }]);
  expect(others.filter(({ status }) => status !== 200)).toEqual([]);
  expect(health.status).toBe(200);
  expect(heldAtOnce).toBe(atOnce);
  expect((await Promise.all(answers)).filter(({ status }) => status !== 200)).toEqual([]);
  expect((await busy.client.executeOnce('{ __typename }')).status).toBe(200);
});

test('gives a partner one share, however many merchants its key acts for', async () => {
  const partner = await aPartner(vault);
  const merchants = await Promise.all([1, 2].map(() => aKey(vault, { partnerId: partner.id })));
  const clients = merchants.map(({ merchantId }) => partner.actingFor(merchantId));
  for (const client of clients) (await client.executeOnce(search)).expectData();
  const waiting = merchants.map(({ merchantId }) => holdStatements(vault.database, merchantId));
  const heldAtOnce = () => waiting.reduce((all, each) => all + each.count(), 0);

  const answers = clients.flatMap((client) =>
    Array.from({ length: atOnce }, () => client.executeOnce(search)),
  );
  await until(async () => (await metric(vault.url, 'vault_requests_waiting')) === atOnce);
  const atWork = heldAtOnce();
  // One of its merchants, who asks with a key of its own.
  const own = new Client(vault.url, merchants[0]?.headers ?? {}).executeOnce(search);
  await until(() => heldAtOnce() === atOnce + 1);
  for (const each of waiting) each.release();

  expect(atWork).toBe(atOnce);
  expect((await Promise.all([own, ...answers])).filter(({ status }) => status !== 200)).toEqual([]);
});

test('makes room for another merchant when all places are taken', async () => {
  const busy = await Promise.all([aHeldMerchant(), aHeldMerchant()]);
  const answers = busy.flatMap(({ client }) =>
    Array.from({ length: placesOfOne }, () => client.executeOnce(search)),
  );
  await until(async () => (await metric(vault.url, 'vault_requests_in_flight')) > 2 * placesOfOne);

  const other = await vault.owner.executeOnce(search);
  for (const each of busy) each.held.release();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);

  expect(other.status).toBe(200);
  expect(statuses.filter((status) => status === 503)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(2 * placesOfOne - 1);
});

test('answers TIMEOUT what has not been answered for 15 seconds, waiting or begun', async () => {
  const busy = await aHeldMerchant();
  const begin = Date.now();

  const answers = await Promise.all(
    Array.from({ length: atOnce + 8 }, () => busy.client.executeOnce(search)),
  );
  const took = Date.now() - begin;
  const atWork = busy.held.count();
  busy.held.release();
  await until(() => busy.held.count() === 0);

  expect(answers.map((answer) => [answer.status, answer.expectErrors()])).toEqual(
    answers.map(() => [503, [{ code: 'TIMEOUT' }]]),
  );
  expect(took).toBeGreaterThanOrEqual(ANSWER_MS - 100);
  expect(took).toBeLessThan(ANSWER_MS + 4_000);
  // What had waited never began.
  expect(atWork).toBe(atOnce);
  expect((await busy.client.executeOnce(search)).status).toBe(200);
});

test('gives one answer, TIMEOUT, to a request whose body never ends', async () => {
  const socket = await open(vault.url);
  socket.write(postBytes('', { 'transfer-encoding': 'chunked' }));
  const drip = setInterval(() => socket.write('1\r\n \r\n'), 250);

  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);

  expect(text.match(/HTTP\/1\.1 .+/g)).toEqual(['HTTP/1.1 408 Request Timeout']);
  await until(() => /"status":408/.test(vault.logged()));
});

test('answers twenty requests on one connection in their order', async () => {
  const { headers } = await aKey(vault);
  const numbered = (number: number, more = {}) =>
    postBytes(JSON.stringify({ query: `{ a${number}: __typename }` }), { ...headers, ...more });
  const requests = Array.from({ length: 19 }, (_, number) => numbered(number));

  const text = await exchange(vault.url, `${requests.join('')}${numbered(19, { connection: 'close' })}`);

  expect(text.match(/HTTP\/1\.1 \d+/g)).toHaveLength(20);
  const answered = [...text.matchAll(/"a(\d+)":"Query"/g)].map(([, number]) => Number(number));
  expect(answered).toEqual([...answered].sort((a, b) => a - b));
});

test('cuts a connection with more than twenty requests that are not answered, and serves others', async () => {
  const { headers } = await aKey(vault);
  const request = postBytes(JSON.stringify({ query: '{ __typename }' }), headers);

  const text = await exchange(vault.url, request.repeat(1_000));

  // The exchange ended because the server cut it: no request asked it to.
  expect((text.match(/HTTP\/1\.1 200/g) ?? []).length).toBeLessThan(1_000);
  await until(async () => (await metric(vault.url, 'vault_requests_in_flight')) === 1);
  expect((await vault.owner.executeOnce(search)).status).toBe(200);
});
