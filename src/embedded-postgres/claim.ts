import { randomBytes } from 'node:crypto';
import { readdir, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcessStart, hasCode } from './child.js';

/** A directory that no other vault server is using as long as this process lives. */
export interface Claim {
  release(): Promise<void>;
}

interface Rival {
  readonly file: string;
  readonly pid: number;
  /** When it last gave a sign of life, in milliseconds. */
  readonly sign: number;
  /** False for a process in another container on the same volume, which only shows by its sign of life. */
  readonly isVisible: boolean;
}

const SIGN_OF_LIFE_MS = 2_000;
const DEAD_AFTER_MS = 8_000;
const RIVAL_WITHDRAWS_MS = 2_000;

/**
 * Claims a directory for this process. Every claim is a file that names its process and when that process started,
 * so a claim ends with its process, `kill -9` included, and a reused process id does not keep it alive. A lock inside
 * PostgreSQL would not do: it is lost whenever PostgreSQL restarts, and it cannot be asked while PostgreSQL hangs.
 *
 * Each claimant first writes its own file and then looks for others, so of two at least one sees the other; nobody
 * removes a file but its own or that of a dead process. Of two at once the older claim wins.
 *
 * @throws Error when another living server holds the directory.
 */
export async function claimDirectory(directory: string): Promise<Claim> {
  const namespace = await findNamespace();
  const file = await writeClaim(directory, namespace);
  const heart = setInterval(() => void giveSignOfLife(file), SIGN_OF_LIFE_MS).unref();
  const release = async () => {
    clearInterval(heart);
    await rm(file, { force: true });
  };
  try {
    await waitUntilAlone(directory, file, namespace);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

async function writeClaim(directory: string, namespace: string): Promise<string> {
  const since = Date.now().toString().padStart(15, '0');
  const start = await findProcessStart(process.pid);
  const unique = randomBytes(4).toString('hex');
  const file = join(directory, `in-use.${since}.${namespace}.${process.pid}.${start}.${unique}`);
  try {
    await writeFile(file, '', { flag: 'wx', mode: 0o600 });
    return file;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS'))
      throw new Error(`This user cannot write to ${directory}.`);
    throw error;
  }
}

async function waitUntilAlone(directory: string, own: string, namespace: string): Promise<void> {
  const began = Date.now();
  const firstSigns = new Map<string, number>();
  for (;;) {
    const rivals = await listRivals(directory, own, namespace);
    const [first] = rivals;
    if (first === undefined) return;
    for (const { file, sign } of rivals) if (!firstSigns.has(file)) firstSigns.set(file, sign);
    // A younger one has either yet to see our claim and go, or it had the directory before we came.
    const holder = rivals.find(
      ({ file, sign, isVisible }) => file < own && (isVisible || sign !== firstSigns.get(file)),
    );
    const patience = rivals.some((rival) => !rival.isVisible) ? DEAD_AFTER_MS * 1.2 : RIVAL_WITHDRAWS_MS;
    if (holder !== undefined || Date.now() - began > patience) {
      throw new Error(
        `Another vault server (process ${(holder ?? first).pid}) is using ${directory}. Stop it first, or give this one a data directory of its own.`,
      );
    }
    await sleep(50);
  }
}

/** The claims of others that still live. Those of dead processes are cleared away. */
async function listRivals(directory: string, own: string, namespace: string): Promise<Rival[]> {
  const rivals: Rival[] = [];
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const [, , home, pid, start] = /^in-use\.(\d+)\.(\w+)\.(\d+)\.(\w+)\.\w+$/.exec(name) ?? [];
    if (file === own || home === undefined || pid === undefined) continue;
    const isVisible = home === namespace;
    const sign = await readSignOfLife(file);
    const lives = isVisible
      ? (await findProcessStart(Number(pid))) === start
      : Date.now() - sign < DEAD_AFTER_MS;
    if (lives) rivals.push({ file, pid: Number(pid), sign, isVisible });
    else await rm(file, { force: true });
  }
  return rivals;
}

async function readSignOfLife(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    // Released in the meantime.
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

async function giveSignOfLife(file: string): Promise<void> {
  const now = new Date();
  // A missed sign is made up for by the next one; a removed directory needs none.
  await utimes(file, now, now).catch(() => undefined);
}

/** Process ids mean something only within one of these: each container has its own. */
async function findNamespace(): Promise<string> {
  const link = await readlink('/proc/self/ns/pid').catch(() => 'host');
  return link.replace(/\W/g, '');
}
