import { once } from 'node:events';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { Traffic } from '../../src/http/traffic.js';
import { trafficLimits } from '../../src/http/traffic-limits.js';
import { yielding } from '../../src/shared/event-loop-yielding.js';
import { open, until } from '../support/sockets.js';

/** What authenticating and reading one request takes here. */
const WORK_MS = 0.5;

let http: FastifyInstance;
let url: string;
let begun: string[];
let ends: number[];

beforeEach(async () => {
  begun = [];
  ends = [];
  http = fastify();
  const sharerOf = (request: { headers: object }) => String(Reflect.get(request.headers, 'x-merchant'));
  const events = {
    refused: () => {},
    ended: (_request: unknown, _reply: unknown, status: number) => void ends.push(status),
  };
  const traffic = new Traffic(http, sharerOf, events, trafficLimits(64));
  http.addHook('onRequest', (request, _reply, done) => {
    begun.push(sharerOf(request));
    for (const end = performance.now() + WORK_MS; performance.now() < end; );
    done();
  });
  http.get('/', (request, reply) => traffic.run(request, reply, async () => 'good'));
  url = await http.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(() => http.close());

/** Connections that the server has accepted: it accepts one in a turn of the event loop. */
async function connections(count: number): Promise<Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(url)));
  for (const socket of sockets) socket.write(getBytes('nobody'));
  await Promise.all(sockets.map((socket) => once(socket, 'data')));
  await until(() => ends.length === count);
  begun.length = 0;
  ends.length = 0;
  return sockets;
}

function getBytes(merchant: string): string {
  return `GET / HTTP/1.1\r\nhost: a\r\nx-merchant: ${merchant}\r\n\r\n`;
}

test('begins with the request of one merchant while two hundred of another, which came before it, wait', async () => {
  const sockets = await connections(201);

  for (const [index, socket] of sockets.entries()) socket.write(getBytes(index < 200 ? 'a' : 'b'));
  await until(() => ends.length === 201);
  for (const socket of sockets) socket.destroy();

  expect(begun).toHaveLength(201);
  expect(begun.indexOf('b')).toBeLessThan(40);
  expect(ends).toEqual(Array(201).fill(200));
});

test('does not begin with requests whose clients have left while they waited', async () => {
  const sockets = await connections(200);

  for (const socket of sockets) {
    socket.write(getBytes('a'));
    socket.once('data', () => {
      for (const other of sockets) other.destroy();
    });
  }
  await until(() => ends.length === 200);

  expect(begun.length).toBeLessThan(100);
  expect(ends.filter((status) => status === 499).length).toBeGreaterThan(100);
});

test('begins with the requests of a merchant while a large answer to it is being made', async () => {
  const sockets = await connections(10);
  let isMade = false;
  const large = (async () => {
    for (let piece = 0; piece < 1_000; piece += 1) {
      await yielding.later('a', null);
      for (const end = performance.now() + WORK_MS; performance.now() < end; );
    }
    isMade = true;
  })();

  for (const socket of sockets) socket.write(getBytes('a'));
  await until(() => ends.length === 10);
  const wasMade = isMade;
  await large;
  for (const socket of sockets) socket.destroy();

  expect(wasMade).toBe(false);
});
