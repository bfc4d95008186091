// npm run fairness: how much slower one merchant gets while another sends ten times what its key may.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { HERE, readOptions } from './lib/options.mjs';

const BUDGET = 100;
const QUIET_RATE = 40;
const FACTOR = 10;
const MOST = 2;
const ready = /Explore it at (\S+)\//;
const QUERY = '{ customers(first: 20) { nodes { id name addresses { id } } } }';

if (process.env.FAIRNESS_LOAD) {
  process.stdout.write(JSON.stringify(await send(JSON.parse(process.env.FAIRNESS_LOAD))));
} else {
  await main();
}

/** One merchant's load, in a process of its own. */
async function send({ url, key, rate, seconds }) {
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    connections: 8,
    overallRate: rate,
    duration: seconds,
  });
  return { p50: result.latency.p50, p99: result.latency.p99, good: result['2xx'], refused: result.non2xx };
}

async function load(parameters) {
  const child = spawn(process.execPath, [join(HERE, 'fairness.mjs')], {
    env: { ...process.env, FAIRNESS_LOAD: JSON.stringify(parameters) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The load generator failed.');
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function main() {
  const { root, seconds } = readOptions();
  const folder = await mkdtemp(join(tmpdir(), 'vault-fairness-'));
  const env = { ...process.env, VAULT_DATA_DIR: folder, PORT: '0', VAULT_RATE_LIMIT: String(BUDGET) };
  const server = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  server.stdout.on('data', (chunk) => {
    output = (output + chunk).slice(-10_000);
  });
  try {
    while (!ready.test(output)) await sleep(50);
    const [, url] = ready.exec(output);
    const [quiet, noisy] = ['Quiet', 'Noisy'].map((name) => makeMerchant(root, env, name));
    const usual = { url, key: quiet, rate: QUIET_RATE, seconds };
    await load({ ...usual, seconds: 3 });
    const alone = await load(usual);
    const [beside, attack] = await Promise.all([
      load(usual),
      load({ url, key: noisy, rate: FACTOR * BUDGET, seconds }),
    ]);
    report(alone, beside, attack);
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close');
    await rm(folder, { recursive: true, force: true });
  }
}

function makeMerchant(root, env, name) {
  const args = [join(root, 'dist', 'cli', 'main.js'), 'merchants', 'create', name, '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })).key;
}

function report(alone, beside, attack) {
  console.log(
    `alone:  p50 ${alone.p50} ms, p99 ${alone.p99} ms, ${alone.good} answered, ${alone.refused} refused`,
  );
  console.log(
    `beside: p50 ${beside.p50} ms, p99 ${beside.p99} ms, ${beside.good} answered, ${beside.refused} refused`,
  );
  console.log(
    `the other: ${attack.good} answered, ${attack.refused} refused, at ${FACTOR} times its budget of ${BUDGET}/s`,
  );
  const ratio = beside.p99 / Math.max(1, alone.p99);
  console.log(`p99 grew to ${ratio.toFixed(2)} times; ${MOST} are promised.`);
  process.exitCode = ratio <= MOST && beside.refused === 0 && attack.refused > 0 ? 0 : 1;
}
