import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '../../src/config/limits.js';
import { startVault, type TestVault } from '../support/vault.js';

const limits = { ...DEFAULT_LIMITS, headersMs: 400, requestMs: 900 };

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ settings: { limits } });
});

afterAll(() => vault.close());

/** Sends pieces of a request, one every 150 ms, and gives what came back until the server hung up. */
async function drip(pieces: Iterable<string>): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(vault.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A reset is how a connection may end that still sends.
  socket.on('error', () => {});
  const start = performance.now();
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) break;
    socket.write(piece);
    await Promise.race([closed, sleep(150)]);
  }
  await closed;
  return { text: Buffer.concat(chunks).toString(), ms: performance.now() - start };
}

function* slowly(head: string, piece: string): Generator<string> {
  yield head;
  for (let pieces = 0; pieces < 60; pieces += 1) yield piece;
}

test.each<[string, string, string]>([
  ['headers', 'POST /graphql HTTP/1.1\r\nhost: vault\r\n', 'x-slow: 1\r\n'],
  [
    'a body',
    'POST /graphql HTTP/1.1\r\nhost: vault\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n{',
    ' ',
  ],
  ['nothing', 'POST', ''],
])('cuts a client that sends %s slowly', async (_, head, piece) => {
  const { text, ms } = await drip(slowly(head, piece));

  expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'TIMEOUT' } }],
    extensions: { requestId: expect.any(String) },
  });
  // Node looks once a second.
  expect(ms).toBeLessThan(limits.requestMs + 2_000);
});

test('goes on answering others while fifty clients send slowly', async () => {
  const slow = Array.from({ length: 50 }, () => drip(slowly('POST /graphql HTTP/1.1\r\n', 'x-slow: 1\r\n')));

  const answer = await vault.owner.execute('{ customers { totalCount } }');

  expect(answer.expectData()).toEqual({ customers: { totalCount: 0 } });
  await Promise.all(slow);
});
