import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { Traffic } from '../../src/http/traffic.js';

/** More than the system keeps for a connection that nobody reads. */
const LARGE = 'a'.repeat(20_000_000);
const times = { answerMs: 100, readMs: 1_500 };

let http: FastifyInstance;

beforeAll(async () => {
  http = fastify();
  new Traffic(http, () => {}, times);
  http.get('/', () => LARGE);
  await http.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(() => http.close());

/** Asks for the large answer, reads so many pieces of it with a pause after each, and tells how that ended. */
async function read(pauseMs: number): Promise<{ length: number; ms: number }> {
  const socket = connect((http.server.address() as AddressInfo).port, '127.0.0.1');
  const start = performance.now();
  let length = 0;
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: vault\r\nconnection: close\r\n\r\n');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (piece) => {
    length += piece.length;
    if (pauseMs === 0) return;
    socket.pause();
    void sleep(pauseMs).then(() => socket.resume());
  });
  await closed;
  return { length, ms: performance.now() - start };
}

test('cuts a client that does not read its answer in time', async () => {
  const { length, ms } = await read(200);

  expect(length).toBeLessThan(LARGE.length);
  // It looks once a second; what the system has kept is read afterwards.
  expect(ms).toBeGreaterThanOrEqual(times.readMs);
});

test('gives the whole answer to a client that reads it', async () => {
  const { length } = await read(0);

  expect(length).toBeGreaterThan(LARGE.length);
});
