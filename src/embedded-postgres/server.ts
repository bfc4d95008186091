import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childOptions, hasCode, isServerOn, lastLines, run } from './child.js';
import type { Cluster } from './cluster.js';
import { type Settings, toArguments } from './settings.js';

/** A running server, as its `postmaster.pid` describes it. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** `ready`, or what it is busy with: `starting` (recovery after a crash included), `stopping`. */
  readonly status: string;
}

/**
 * Long, because the time that recovery after a crash takes grows with what was written: a limit that cut it short
 * would start it over at every start.
 */
const READY_MS = 120_000;

/**
 * Finds the server that is running on the cluster, whoever started it. A `postmaster.pid` that a dead server left is
 * removed if it is empty or its process id belongs to another process now: PostgreSQL would not start over it.
 */
export async function findServer(cluster: Cluster): Promise<Server | null> {
  const directory = cluster.place.cluster;
  const noted = await readPidFile(directory);
  if (noted === null) return null;
  if (noted.pid > 0 && (await isServerOn(noted.pid, directory))) return noted;
  // What a dead server's children may still be doing is watched by PostgreSQL itself, through shared memory.
  // Read again: a server that a killed process had just started may have put its own in the meantime.
  const again = await parsePidFile(directory);
  if (again?.pid === noted.pid) await rm(join(directory, 'postmaster.pid'), { force: true });
  return null;
}

async function readPidFile(directory: string): Promise<Server | null> {
  const noted = await parsePidFile(directory);
  if (noted?.pid !== 0) return noted;
  // Caught while it was being written, or its writer never came to it.
  await sleep(200);
  return parsePidFile(directory);
}

/** Lines of the file: process id, directory, start, port, socket directory, address, shared memory, status. */
async function parsePidFile(directory: string): Promise<Server | null> {
  try {
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
    const pid = Math.max(Number.parseInt(lines[0] ?? '', 10) || 0, 0);
    return { pid, port: Number(lines[3]), status: lines[7]?.trim() || 'starting' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Waits as long as a server of ours is starting or recovering. Null when it has ended. */
export async function waitUntilStarted(cluster: Cluster): Promise<Server | null> {
  const deadline = Date.now() + READY_MS;
  let server = await findServer(cluster);
  while (server?.status === 'starting' && Date.now() < deadline) {
    await sleep(50);
    server = await findServer(cluster);
  }
  return server;
}

/**
 * Starts a server on the cluster, on a free port, and waits until it takes connections. Null when something was in its
 * way that may be gone at another attempt: the port was taken in between, children of a server that was killed are
 * still ending, or a server that a killed process had just started was faster.
 *
 * @throws Error with the last words of PostgreSQL's log when it does not start.
 */
export async function startServer(cluster: Cluster, settings: Settings): Promise<Server | null> {
  const log = await open(cluster.logFile, 'a', 0o600);
  try {
    const { size } = await log.stat();
    const child = spawnServer(cluster, toArguments(cluster, settings, await findFreePort()), log.fd);
    const server = await waitUntilReady(cluster, child);
    if (server !== null) return server;
    const complaint = await readComplaint(cluster.logFile, size);
    if (/ in use|already exists/.test(complaint)) return null;
    throw new Error(`PostgreSQL did not start: ${complaint || 'it gave no reason.'}`);
  } finally {
    await log.close();
  }
}

/**
 * Started directly and not through `pg_ctl start`, which would build a line for a shell. `detached` gives it a session
 * of its own, as `pg_ctl` would: Ctrl-C in the terminal and a signal to our process group do not reach it. The log is
 * opened by us and handed over, so that PostgreSQL's user needs no right to it.
 */
function spawnServer(cluster: Cluster, args: readonly string[], log: number): ChildProcess {
  const child = spawn(cluster.binaries.postgres, args, {
    ...childOptions(cluster.place.account),
    stdio: ['ignore', log, log],
    detached: true,
  });
  // Our process may end before it.
  child.unref();
  return child;
}

/** Null when the server ended instead. */
async function waitUntilReady(cluster: Cluster, child: ChildProcess): Promise<Server | null> {
  const ended = new Promise<'ended'>((resolve, reject) => {
    child.once('exit', () => resolve('ended'));
    child.once('error', reject);
  });
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const server = await readPidFile(cluster.place.cluster);
    if (server?.pid === child.pid && server?.status === 'ready') return server;
    if ((await Promise.race([ended, sleep(10)])) === 'ended') return null;
  }
  child.kill('SIGQUIT');
  throw new Error(`PostgreSQL was not ready after ${READY_MS / 1000} s; its log is ${cluster.logFile}.`);
}

async function readComplaint(logFile: string, from: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(from).toString('utf8');
  const complaints = text.split('\n').filter((line) => /FATAL|PANIC|HINT|error while loading/.test(line));
  return lastLines(complaints.length > 0 ? complaints.join('\n') : text, 2);
}

/** Asked just before the start; somebody may still be faster, and then the start is tried again. */
async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * Stops the server of the cluster, if there is one, and resolves when it is down: by a fast stop (connections are
 * ended, everything is written); failing that by an immediate one, after which the next start recovers from the log;
 * and if it does not even react to that, by ending its process.
 *
 * @param patienceSeconds how long the fast stop may take
 */
export async function stopServer(cluster: Cluster, patienceSeconds: number): Promise<void> {
  // PostgreSQL itself ends children that do not react to an immediate stop after 5 s.
  const stops = [['fast', patienceSeconds] as const, ['immediate', 6] as const];
  for (const [mode, seconds] of stops) {
    const server = await findServer(cluster);
    if (server === null) return;
    // A stopped process (SIGSTOP) would not get the signal.
    signal(server.pid, 'SIGCONT');
    const args = ['stop', '-s', '-D', cluster.place.cluster, '-m', mode, '-t', String(seconds)];
    const limits = { account: cluster.place.account, timeoutMs: (seconds + 2) * 1000 };
    // Whether it worked is asked of the server, not of pg_ctl.
    await run(cluster.binaries.pgCtl, args, limits).catch(() => undefined);
  }
  await killServer(cluster);
}

async function killServer(cluster: Cluster): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const server = await findServer(cluster);
    if (server === null) return;
    if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${server.pid}) could not be stopped.`);
    signal(server.pid, 'SIGKILL');
    await sleep(50);
  }
}

function signal(pid: number, name: 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended in the meantime, or the platform has no such signal.
  }
}
