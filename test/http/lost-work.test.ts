import fastify, { type FastifyInstance } from 'fastify';
import { Traffic } from '../../src/http/traffic.js';
import { trafficLimits } from '../../src/http/traffic-limits.js';
import { send } from '../support/http.js';
import { until } from '../support/sockets.js';

let http: FastifyInstance;
let url: string;
let ends: number[];

beforeEach(async () => {
  ends = [];
  http = fastify();
  const limits = { ...trafficLimits(1), answerMs: 100, lostMs: 1_500 };
  const events = {
    refused: () => {},
    ended: (_request: unknown, _reply: unknown, status: number) => void ends.push(status),
  };
  const traffic = new Traffic(http, () => 'a', events, limits);
  http.get('/lost', (request, reply) => traffic.run(request, reply, () => new Promise(() => {})));
  http.get('/good', (request, reply) => traffic.run(request, reply, async () => 'good'));
  http.get('/bad', (request, reply) =>
    traffic.run(request, reply, async () => {
      throw new Error('canary');
    }),
  );
  url = await http.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(() => http.close());

test('gives a place back whose work never ends', async () => {
  const lost = await send(`${url}/lost`);
  await until(async () => (await send(`${url}/good`)).text === 'good');

  expect(lost.status).toBe(503);
  // Whoever came before the place was given back has waited in vain.
  expect(ends.filter((status) => status === 200)).toHaveLength(1);
});

test('gives a place back whose work fails', async () => {
  const statuses = [];
  for (const path of ['/bad', '/bad', '/good']) statuses.push((await send(url + path)).status);

  expect(statuses).toEqual([500, 500, 200]);
});
