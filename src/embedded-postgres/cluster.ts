import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { followLinks } from '../shared/follow-links.js';
import type { Binaries } from './binaries.js';
import { hasCode, run } from './child.js';
import type { Place } from './place.js';

/** The superuser of the cluster: for migrations and administration only. */
export const OWNER = 'vault_owner';

/** A cluster that exists on disk, running or not. */
export interface Cluster {
  readonly place: Place;
  readonly binaries: Binaries;
  /** Password of the owner. */
  readonly password: string;
  /** The server's log. It lies beside the cluster, where PostgreSQL's user can neither replace nor remove it. */
  readonly logFile: string;
}

const INITDB_MS = 60_000;
const UNFINISHED = 'postgres-unfinished-';

/**
 * Opens the cluster of a place and makes it first if there is none. A cluster is made in a directory beside its own
 * and renamed into place when it is complete, so an interruption at any moment leaves either nothing or all of it.
 * Call it only with the place claimed.
 *
 * @param durable false leaves out initdb's fsync, for tests
 * @throws Error when there is a cluster that these programs or this user cannot run; it is left as it is.
 */
export async function openCluster(place: Place, binaries: Binaries, durable: boolean): Promise<Cluster> {
  const version = await findClusterVersion(place);
  const password = await openPassword(place, version !== null);
  if (version === null) await createCluster(place, binaries, durable);
  else assertVersion(place, version, binaries);
  return { place, binaries, password, logFile: join(place.home, 'postgres.log') };
}

/** The major version that made the cluster; null when there is no cluster. */
async function findClusterVersion({ cluster }: Place): Promise<string | null> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'EACCES')) throw new Error(`The cluster in ${cluster} belongs to another user.`);
    throw error;
  }
}

function assertVersion({ cluster }: Place, version: string, binaries: Binaries): void {
  if (binaries.version.startsWith(`${version}.`)) return;
  throw new Error(
    `The cluster in ${cluster} was made by PostgreSQL ${version} and cannot be run by ${binaries.version}. Dump it with the old version and load it with the new one.`,
  );
}

/** Reads the owner's password, or makes one as long as there is no cluster that already has its own. */
async function openPassword({ home, cluster }: Place, hasCluster: boolean): Promise<string> {
  const file = join(home, 'postgres-password');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  if (hasCluster)
    throw new Error(`The password of the cluster in ${cluster} is missing; restore the file ${file}.`);
  const password = randomBytes(32).toString('base64url');
  await writeWhole(file, `${password}\n`);
  return password;
}

/** Writes a file that after a crash is either absent or complete. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await followLinks(path);
  const unfinished = `${file}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { flag: 'wx', mode: 0o600, flush: true });
  await rename(unfinished, file);
}

async function createCluster(place: Place, binaries: Binaries, durable: boolean): Promise<void> {
  await clearUnfinished(place.home);
  const unfinished = await mkdtemp(join(place.home, UNFINISHED));
  try {
    if (place.account) await chown(unfinished, place.account.uid, place.account.gid);
    await runInitdb(place, binaries, unfinished, durable);
    await rename(join(unfinished, 'cluster'), place.cluster);
    await syncDirectory(place.home);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new Error(`${place.cluster} exists but holds no PostgreSQL cluster. Move it away and start again.`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** What an interrupted first start has left. An initdb that outlived it may still be writing: then the next start clears. */
async function clearUnfinished(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(
    names.map((name) => rm(join(home, name), { recursive: true, force: true }).catch(() => undefined)),
  );
}

async function runInitdb(
  place: Place,
  binaries: Binaries,
  directory: string,
  durable: boolean,
): Promise<void> {
  // A copy of the password in the unfinished directory: PostgreSQL's user must not read the file in the home.
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, await readFile(join(place.home, 'postgres-password')), {
    flag: 'wx',
    mode: 0o600,
  });
  if (place.account) await chown(passwordFile, place.account.uid, place.account.gid);
  const args = [
    `--pgdata=${join(directory, 'cluster')}`,
    `--username=${OWNER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own C.UTF-8: the same on every platform, and an upgrade of the system cannot change the order
    // that indexes were built in, yet upper and lower case work beyond ASCII, which they do not in plain C.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  await run(binaries.initdb, args, { account: place.account, timeoutMs: INITDB_MS });
}

/** Makes the rename itself outlive a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory).catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
