import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWER_MS, MAX_IN_FLIGHT } from '../../src/http/traffic.js';
import { Client } from '../support/client.js';
import { send } from '../support/http.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;
let answerNow = () => {};

beforeAll(async () => {
  vault = await startVault();
});

afterEach(() => answerNow());
afterAll(() => vault.close());

/** Lets every look-up wait until `answerNow` is called. */
function holdReads(): void {
  const read = vault.database.read.bind(vault.database);
  const released = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  vault.database.read = async (statement) => {
    await released;
    vault.database.read = read;
    return read(statement);
  };
}

test('refuses what is more than 1,000 requests at once, at once, and still tells its health', async () => {
  const client = new Client(vault.url, (await aKey(vault)).headers);
  // The connections for look-ups are open afterwards.
  (await client.execute('{ customers { totalCount } }')).expectData();
  holdReads();
  const held = Array.from({ length: MAX_IN_FLIGHT }, () => client.execute('{ customers { totalCount } }'));
  for (let inFlight = 0; inFlight < MAX_IN_FLIGHT; await sleep(50)) {
    const { text } = await send(`${vault.url}/metrics`);
    // The request for the metrics is in flight, too.
    inFlight = Number(/^vault_requests_in_flight (\d+)$/m.exec(text)?.[1]) - 1;
  }

  const refused = await client.execute('{ __typename }');
  const health = await send(`${vault.url}/healthz`);
  answerNow();
  const answers = await Promise.all(held);

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(refused.expectErrors()).toEqual([{ code: 'OVERLOADED' }]);
  expect(health.status).toBe(200);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect((await client.execute('{ __typename }')).status).toBe(200);
});

test('answers TIMEOUT what has not been answered for 15 seconds', async () => {
  const client = new Client(vault.url, (await aKey(vault)).headers);
  // The connections for look-ups are open afterwards.
  (await client.execute('{ customers { totalCount } }')).expectData();
  holdReads();
  const begin = Date.now();

  const answer = await client.execute('{ customers { totalCount } }');

  const took = Date.now() - begin;
  expect([answer.status, answer.expectErrors()]).toEqual([503, [{ code: 'TIMEOUT' }]]);
  expect(took).toBeGreaterThanOrEqual(ANSWER_MS - 100);
  expect(took).toBeLessThan(ANSWER_MS + 4_000);
});

test('gives one answer, TIMEOUT, to a request whose body never ends', async () => {
  const { hostname, port } = new URL(vault.url);
  const socket = connect(Number(port), hostname);
  const head = 'POST /graphql HTTP/1.1\r\nhost: vault\r\ncontent-type: application/json\r\n';
  socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
  const drip = setInterval(() => socket.write('1\r\n \r\n'), 250);
  // A reset is how a connection may end that still sends.
  socket.on('error', () => {});

  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);

  expect(text.match(/HTTP\/1\.1 .+/g)).toEqual(['HTTP/1.1 408 Request Timeout']);
});
