import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HERE } from './options.mjs';
import { cpuOf, memoryOf } from './processes.mjs';

const START_MS = 60_000;
const STOP_MS = 12_000;

/** What is special of a server that the vault is compared with: its program, its database, its environment. */
const special = {
  'bare-sealed': ({ vaultUrl, keyFile }) => ({
    database: 'vault',
    environment: { DATABASE_URL: vaultUrl, VAULT_KEY_FILE: keyFile },
  }),
  mercurius: () => ({ environment: { MERCURIUS_JIT: '1' } }),
  'mercurius-uncompiled': () => ({ program: 'mercurius', environment: { MERCURIUS_JIT: '0' } }),
};

/**
 * Starts the vault on a cluster as a user would run it in production: its own process, a line in the log a request.
 *
 * @param nodeArguments options for Node itself, to profile it
 */
export async function startVault(root, cluster, { nodeArguments = [], databaseUrl = cluster.vaultUrl } = {}) {
  const server = await startServer('ours', [...nodeArguments, ...(await startArguments(root))], {
    ...environmentOf(cluster, databaseUrl),
    VAULT_TOKENIZATION: 'sandbox',
    LOG_LEVEL: 'info',
    // One key sends all the load.
    VAULT_RATE_LIMIT: '1000000',
  });
  const apiKey = (await readFile(join(cluster.dataDir, 'api-key'), 'utf8')).trim();
  return { ...server, database: 'vault', headers: { authorization: `Bearer ${apiKey}` } };
}

/** Makes the tables, and the first merchant, whose key is kept beside the data. */
export async function makeFirstMerchant(root, cluster) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist', 'cli', 'main.js'), 'init', '--json'],
    { env: { PATH: process.env.PATH, ...environmentOf(cluster) }, encoding: 'utf8' },
  );
  if (status === 0) {
    await writeFile(join(cluster.dataDir, 'api-key'), JSON.parse(stdout).key, { mode: 0o600 });
    return;
  }
  // An older version makes them at its first start.
  if (!stderr.includes("unknown command 'init'")) throw new Error(stderr);
  await (await startVault(root, cluster)).stop();
}

function environmentOf({ dataDir, keyFile, vaultUrl }, databaseUrl = vaultUrl) {
  return { DATABASE_URL: databaseUrl, VAULT_KEY_FILE: keyFile, VAULT_DATA_DIR: dataDir };
}

/** What `npm start` gives to Node. */
async function startArguments(root) {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const options = scripts.start.replace(/^(exec )?node /, '').split(' ');
  const main = options.pop();
  return [...options, join(root, main)];
}

/** Starts one of the servers that the vault is compared with. */
export async function startPeer(name, cluster) {
  const { program = name, database = 'plain', environment } = special[name]?.(cluster) ?? {};
  const server = await startServer(name, [join(HERE, 'peers', `${program}.mjs`)], {
    DATABASE_URL: cluster.plainUrl,
    ...environment,
  });
  return { ...server, database, headers: {} };
}

async function startServer(name, args, environment) {
  const port = await freePort();
  const log = createWriteStream(join(HERE, '.data', `${name}.log`));
  await once(log, 'open');
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', log, log],
  });
  child.once('exit', (code, signal) => {
    if (!child.isStopping) process.stderr.write(`${name} ended by itself: ${signal ?? code}.\n`);
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(name, url, child);
  const readyMs = Number(process.hrtime.bigint() - started) / 1e6;
  return {
    name,
    url,
    pid: child.pid,
    readyMs,
    memory: () => memoryOf(child.pid),
    cpu: () => cpuOf(child.pid),
    stop: () => stop(child),
  };
}

async function waitUntilReady(name, url, child) {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    if (await answers(url)) return;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${name} did not start; see bench/.data/${name}.log.`);
}

async function answers(url) {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch(`${url}/graphql`, { method: 'POST', body: '{}', headers });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.isStopping = true;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Makes the vault's key file unless it is there. */
export function ensureKeyFile(root, { keyFile }) {
  if (existsSync(keyFile)) return;
  const program = join(root, 'dist', 'cli', 'main.js');
  const { status, stderr } = spawnSync(process.execPath, [program, 'key-file', keyFile], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
