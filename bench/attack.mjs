// npm run bench:attack: what bad requests do to the good ones. Windows with nothing but paced good requests take turns
// with windows in which one kind of bad request comes beside them; the p99 of each of these is compared with the median
// of the p99 of the four quiet windows next to it. Nothing is rounded up, and nothing is left out but the first second
// of every window, in which the senders start. It also shows the processor time
// that one bad request takes by itself. It needs nothing but a build.
//
//   --seconds 20  of each attack     --quiet 10  seconds between them     --good 200  good requests a second
//   --bad 20  bad ones a second      --connections 8  that the attacker has
//   --only "fragments,digits"  kinds with these words                     --out FILE  the table, too
//
// The attacker is paced: where it shares two cores with the server, an unbounded flood would measure the generator,
// and is for rate limits and load shedding to answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attacks, json } from './lib/attacks.mjs';
import { HERE } from './lib/options.mjs';
import { send, sendPaced } from './lib/paced.mjs';
import { cpuOf, cpuOfPostgres } from './lib/processes.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    seconds: text('20'),
    quiet: text('10'),
    good: text('200'),
    bad: text('20'),
    connections: text('8'),
    only: text(''),
    out: text(''),
  },
});
const [SECONDS, QUIET, GOOD, BAD, CONNECTIONS] = ['seconds', 'quiet', 'good', 'bad', 'connections'].map(
  (name) => Number(values[name]),
);
const GOOD_CONNECTIONS = 32;
const CUSTOMERS = 50;
/** The system counts processor time in hundredths of a second. */
const ALONE = 100;
const WARM_UP = 20;
/** Longer than what the server says of its address, in characters. */
const LINE = 200;

/** Quiet windows on either side of an attack that it is compared with. */
const NEIGHBOURS = 2;

const HEAD = [
  '| bad request | answer | a second | quiet p99, ms | p99 under attack, ms | ratio | Node µs each | PostgreSQL µs each |',
  '|---|---|---|---|---|---|---|---|',
];

const words = values.only.split(',').filter((word) => word !== '');
const kinds = Object.entries(attacks).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
const folder = await mkdtemp(join(tmpdir(), 'vault-attack-'));
// PostgreSQL's own user has to get through.
await chmod(folder, 0o711);
const dataDir = join(folder, 'data');
// As `npm start` does.
const SERVER = ['--heap-growing-percent=100', join(HERE, '..', 'dist', 'main.js')];
const server = spawn(process.execPath, SERVER, {
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'info',
    VAULT_RATE_LIMIT: '1000000',
    VAULT_DATA_DIR: dataDir,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const measured = [];
const quiet = [];
try {
  const url = await ready(server);
  const headers = { authorization: `Bearer ${(await readFile(join(dataDir, 'api-key'), 'utf8')).trim()}` };
  const good = await goodRequests(url, headers);
  const goodFor = async (seconds) => {
    const pace = { url, headers, requests: good, perSecond: GOOD, seconds, connections: GOOD_CONNECTIONS };
    const { times, statuses } = await sendPaced({ ...pace, settle: 1 });
    if (statuses.some((status) => status !== 200)) throw new Error('A good request was refused.');
    return p99(times);
  };
  const badFor = (requests, seconds) =>
    sendPaced({ url, headers, requests, perSecond: BAD, seconds, connections: CONNECTIONS });
  await goodFor(QUIET);
  for (const [name, attack] of kinds) {
    const requests = [attack].flat();
    const cost = attack.slow ? null : await costOf(url, headers, requests);
    quiet.push(await goodFor(QUIET));
    const [under, bad] = await Promise.all([goodFor(SECONDS), badFor(requests, SECONDS)]);
    measured.push({ name, under, bad, cost });
    process.stderr.write(
      `${name}: ${quiet.at(-1).toFixed(1)} ms quiet, ${under.toFixed(1)} ms under attack\n`,
    );
  }
  for (let more = 0; more < NEIGHBOURS; more += 1) quiet.push(await goodFor(QUIET));
} finally {
  agent.destroy();
  server.kill();
  await once(server, 'exit');
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}
const ratios = measured.map(({ under }, at) => under / quietAround(at));
const table = [...HEAD, ...measured.map(rowOf)].join('\n');
const worst = Math.max(...ratios);
process.stdout.write(`${table}
The worst ratio is ${worst.toFixed(2)}; ${worst <= 2 ? 'all are' : 'not all are'} within 2.
The p99 of the quiet windows: ${[Math.min(...quiet), median(quiet), Math.max(...quiet)].map((ms) => ms.toFixed(1)).join(', ')} ms (least, median, most).
`);
if (values.out) await writeFile(values.out, `${table}\n`);

/** The attack with this number came between the quiet windows of the same number and the next. */
function quietAround(at) {
  return median(quiet.slice(Math.max(0, at + 1 - NEIGHBOURS), at + 1 + NEIGHBOURS));
}

function rowOf({ name, under, bad, cost }, at) {
  const times = [quietAround(at).toFixed(1), under.toFixed(1), ratios[at].toFixed(2)];
  const costs = [cost?.node.toFixed(0) ?? '', cost?.postgres.toFixed(0) ?? ''];
  return `| ${[name, bad.statuses.join(' '), bad.perSecond.toFixed(0), ...times, ...costs].join(' | ')} |`;
}

/** Resolves to the server's address. Its log is read on and on, so that it never waits. */
function ready(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said = `${said.slice(-LINE)}${chunk}`;
      const found = /ready\. Explore it at (\S+)\//.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error('The server did not start.')));
  });
}

/** Makes some customers, and a look-up of each. */
async function goodRequests(url, headers) {
  const query = 'mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { customer { id } } }';
  const found = 'query ($id: ID!) { customer(id: $id) { id name addresses { city } } }';
  const requests = [];
  for (let at = 0; at < CUSTOMERS; at += 1) {
    const i = { name: `Customer ${at}`, addresses: [{ label: 'Home', city: 'London' }] };
    const answer = await send(url, agent, { ...json(query, { i }), headers });
    requests.push(json(found, { id: JSON.parse(answer.text).data.createCustomer.customer.id }));
  }
  return requests;
}

/** The processor time of one bad request, in microseconds, while nobody sends anything else. */
async function costOf(url, headers, requests) {
  let sent = 0;
  const sendSome = async (count) => {
    for (let at = 0; at < count; at += 1) {
      const attack = requests[sent++ % requests.length];
      await send(url, agent, { ...attack, headers: { ...headers, ...attack.headers } });
    }
  };
  await sendSome(WARM_UP);
  const before = [await cpuOf(server.pid), await cpuOfPostgres(dataDir)];
  await sendSome(ALONE);
  const after = [await cpuOf(server.pid), await cpuOfPostgres(dataDir)];
  const [node, postgres] = after.map((ms, at) => ((ms - before[at]) / ALONE) * 1_000);
  return { node, postgres };
}

function p99(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
