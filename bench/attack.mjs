// npm run bench:attack: what bad requests do to the good ones. The p99 of paced good requests while each kind of bad
// request comes in, against their p99 before and after it. It needs nothing but a build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { HERE } from './lib/options.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    good: { type: 'string', default: '200' },
    bad: { type: 'string', default: '20' },
  },
});
const [SECONDS, GOOD, BAD] = [values.seconds, values.good, values.bad].map(Number);

const repeat = (count, text) => Array.from({ length: count }, (_, at) => text(at)).join(' ');
const doubled = (below) =>
  `{ customer(id: "0") { ...F0 } } ${repeat(30, (at) => `fragment F${at} on Customer { ${below.replaceAll('F', `F${at + 1}`)} }`)} fragment F30 on Customer { id }`;
const json = (query, variables) => ({ body: JSON.stringify({ query, variables }) });
const create = 'mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { userErrors { code } } }';

const attacks = {
  'doubled fragments': json(doubled('...F ...F')),
  'doubled fragments in fields': json(
    doubled('addresses { customer { ...F } } addresses { customer { ...F } }'),
  ),
  'fragments in a circle': json(
    `{ ...A0 } ${repeat(50, (at) => `fragment A${at} on Query { ...A${(at + 1) % 50} }`)}`,
  ),
  'one field 900 times': json(`{ customer(id: "0") { ${'id '.repeat(900)} } }`),
  '300 unknown fields': json(`{ customer(id: "0") { ${repeat(300, (at) => `x${at}`)} } }`),
  'too large a cost': json(
    '{ customers(first: 100) { nodes { paymentMethods(first: 100) { nodes { id } } } } }',
  ),
  'the dearest query allowed': json(
    '{ customers(first: 100) { nodes { paymentMethods(first: 49) { nodes { id } } } } }',
  ),
  'too many tokens': json(`{ a(b: [${'1 '.repeat(100_000)}]) }`),
  'malformed JSON of 256 KiB': { body: `{"query":"${'a'.repeat(262_000)}` },
  '100,000 lists deep': {
    body: `{"query":"{__typename}","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  },
  'a compressed bomb': { body: gzipSync(Buffer.alloc(50_000_000)), headers: { 'content-encoding': 'gzip' } },
  'a body of 10 MB': { body: 'a'.repeat(10_000_000) },
  'a name of 250,000 marks': json(create, { i: { name: '\u0301'.repeat(120_000) } }),
  'a name of 250,000 digits': json(create, { i: { name: '4'.repeat(250_000) } }),
  'a reference of 120,000 marks': json('query ($r: String!) { customerByReference(reference: $r) { id } }', {
    r: '\u0301'.repeat(120_000),
  }),
  'slow headers': { slow: true },
};

const folder = await mkdtemp(join(tmpdir(), 'vault-attack-'));
// PostgreSQL's own user has to get through.
await chmod(folder, 0o711);
const server = spawn(process.execPath, [join(HERE, '..', 'dist', 'main.js')], {
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'silent',
    VAULT_RATE_LIMIT: '1000000',
    VAULT_DATA_DIR: join(folder, 'data'),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let worst = 0;
try {
  const url = await ready(server);
  const authorization = `Bearer ${(await readFile(join(folder, 'data', 'api-key'), 'utf8')).trim()}`;
  const ids = await fill(url, authorization);
  const good = (at) =>
    json('query ($id: ID!) { customer(id: $id) { id name addresses { city } } }', {
      id: ids[at % ids.length],
    });
  const goodFor = (seconds) => pace(GOOD, seconds, (at) => send(url, authorization, good(at)));
  await goodFor(3);
  for (const [name, attack] of Object.entries(attacks)) {
    const before = await goodFor(SECONDS / 2);
    const [under, refused] = await Promise.all([
      goodFor(SECONDS),
      pace(BAD, SECONDS, () => (attack.slow ? dribble(url) : send(url, authorization, attack))),
    ]);
    const after = await goodFor(SECONDS / 2);
    const baseline = p99([...before.times, ...after.times]);
    const ratio = p99(under.times) / baseline;
    worst = Math.max(worst, ratio);
    const cells = [
      name,
      baseline.toFixed(1),
      p99(under.times).toFixed(1),
      ratio.toFixed(2),
      [...new Set(refused.statuses)].join(' '),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
    if (under.statuses.some((status) => status !== 200)) throw new Error('A good request was refused.');
  }
} finally {
  agent.destroy();
  server.kill();
  await once(server, 'close');
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}
process.stdout.write(
  `The worst ratio is ${worst.toFixed(2)}; ${worst <= 2 ? 'all are' : 'not all are'} within 2.\n`,
);

async function ready(child) {
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const found = /ready\. Explore it at (\S+)\//.exec(text)?.[1];
    if (found) {
      child.stdout.destroy();
      return found;
    }
  }
  throw new Error('The server did not start.');
}

async function fill(url, authorization) {
  const query = 'mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } } }';
  const ids = [];
  for (let at = 0; at < 50; at += 1) {
    const i = { name: `Customer ${at}`, addresses: [{ label: 'Home', city: 'London' }] };
    const { text } = await send(url, authorization, json(query, { i }));
    ids.push(JSON.parse(text).data.createCustomer.customer.id);
  }
  return ids;
}

/** Sends so many requests a second, whether or not the ones before have been answered. */
async function pace(perSecond, seconds, sendOne) {
  const [times, statuses, open] = [[], [], new Set()];
  const start = performance.now();
  for (let at = 0; at < perSecond * seconds; at += 1) {
    await sleep(Math.max(0, start + (at * 1_000) / perSecond - performance.now()));
    // An attacker's requests pile up no further than its connections.
    if (open.size >= 32) continue;
    const begun = performance.now();
    const one = sendOne(at).then(({ status }) => {
      times.push(performance.now() - begun);
      statuses.push(status);
      open.delete(one);
    });
    open.add(one);
  }
  await Promise.all(open);
  return { times, statuses };
}

function send(url, authorization, { body, headers = {} }) {
  return new Promise((resolve) => {
    const all = {
      authorization,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    };
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('close', () => resolve({ status: response.statusCode, text }));
    });
    // A server may hang up on a body that it does not take.
    sent.on('error', () => resolve({ status: 'cut', text: '' }));
    sent.end(body);
  });
}

async function dribble(url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write('POST /graphql HTTP/1.1\r\nhost: vault\r\n');
  await sleep(1_000);
  socket.destroy();
  return { status: 'left' };
}

function p99(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}
