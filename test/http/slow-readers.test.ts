import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { Traffic } from '../../src/http/traffic.js';
import { trafficLimits } from '../../src/http/traffic-limits.js';
import { until } from '../support/sockets.js';

const MEGABYTE = 1_000_000;
/** More than the system keeps for a connection that nobody reads. */
const LARGE = 'a'.repeat(20 * MEGABYTE);
const limits = {
  ...trafficLimits(32),
  answerMs: 100,
  readMs: 1_500,
  unread: { total: 120 * MEGABYTE, ofOne: 50 * MEGABYTE },
};

let http: FastifyInstance;
let traffic: Traffic;
let ends: number[] = [];

beforeEach(async () => {
  ends = [];
  await start(limits);
});

afterEach(() => http.close());

async function start(chosen: typeof limits): Promise<void> {
  http = fastify();
  const events = {
    refused: () => {},
    ended: (_request: unknown, _reply: unknown, status: number) => void ends.push(status),
  };
  traffic = new Traffic(http, (request) => String(request.headers['x-merchant']), events, chosen);
  http.get('/', () => LARGE);
  await http.listen({ port: 0, host: '127.0.0.1' });
}

/** Asks for the large answer on a connection of its own and does not read it yet. */
function ask(merchant = 'a'): Socket {
  const socket = connect((http.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET / HTTP/1.1\r\nhost: vault\r\nx-merchant: ${merchant}\r\nconnection: close\r\n\r\n`);
  return socket;
}

/** Reads so many pieces with a pause after each, and tells how that ended. */
async function readOn(socket: Socket, pauseMs = 0): Promise<{ length: number; ms: number }> {
  const start = performance.now();
  let length = 0;
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
  const { length, ms } = await readOn(ask(), 200);

  expect(length).toBeLessThan(LARGE.length);
  // It looks once a second; what the system has kept is read afterwards.
  expect(ms).toBeGreaterThanOrEqual(limits.readMs);
  expect(ends).toEqual([499]);
  expect([traffic.inFlight, traffic.unreadBytes]).toEqual([0, 0]);
});

test('gives the whole answer to a client that reads it', async () => {
  const { length } = await readOn(ask());

  expect(length).toBeGreaterThan(LARGE.length);
  expect(ends).toEqual([200]);
});

test('keeps no more than its share for one merchant, and cuts its oldest answer for the next one', async () => {
  await http.close();
  await start({ ...limits, readMs: 60_000 });
  const first = ask();
  await until(() => traffic.inFlight === 1);
  const second = ask();
  await until(() => traffic.inFlight === 2);
  const other = ask('b');
  await until(() => traffic.inFlight === 3);

  const third = ask();
  await until(() => ends.length === 1);
  const lengths = await Promise.all(
    [first, second, third, other].map(async (each) => (await readOn(each)).length),
  );

  expect(lengths.map((length) => length > LARGE.length)).toEqual([false, true, true, true]);
  expect(ends).toEqual([499, 200, 200, 200]);
  expect([traffic.inFlight, traffic.unreadBytes]).toEqual([0, 0]);
});

test('keeps no more than it can for all, and cuts who holds the most', async () => {
  await http.close();
  await start({ ...limits, readMs: 60_000, unread: { total: 90 * MEGABYTE, ofOne: 70 * MEGABYTE } });
  const first = ask();
  await until(() => traffic.inFlight === 1);
  const more = [ask(), ask()];
  await until(() => traffic.inFlight === 3);
  const other = ask('b');
  await until(() => traffic.inFlight === 4);

  const another = ask('c');
  await until(() => ends.length === 1);
  const lengths = await Promise.all(
    [first, ...more, other, another].map(async (each) => (await readOn(each)).length),
  );

  expect(lengths.map((length) => length > LARGE.length)).toEqual([false, true, true, true, true]);
});
