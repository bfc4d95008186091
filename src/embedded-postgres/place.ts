import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { followLinks } from '../shared/follow-links.js';
import { type Account, hasCode, run } from './child.js';

/** Where things go that root has and PostgreSQL's system user must reach. */
export const SYSTEM_DIRECTORY = '/var/lib/customer-vault';

const ACCOUNT_NAME = 'postgres';

/** Where the cluster lives, and as whom it runs. */
export interface Place {
  /** Directory that holds the cluster and the files beside it: the data directory, unless PostgreSQL cannot go there. */
  readonly home: string;
  /** The cluster's own directory; it need not exist yet. */
  readonly cluster: string;
  /** The user that PostgreSQL runs as; undefined for our own. */
  readonly account: Account | undefined;
}

/**
 * Makes the data directory if need be and says where the cluster goes. PostgreSQL refuses to run as root, so root
 * runs it as the system user `postgres` (made if missing), and that user has to be able to reach the cluster.
 *
 * @throws Error when an existing cluster cannot be reached by the user that has to run it; LinkError when the directory
 *   is a symbolic link to nothing.
 */
export async function choosePlace(dataDir: string, notes: string[]): Promise<Place> {
  await followLinks(dataDir);
  if (process.getuid?.() !== 0) {
    assertNamed();
    await makeDirectory(dataDir, 0o700);
    return toPlace(await realpath(dataDir), undefined);
  }
  const account = await findOrCreateAccount();
  const reachable = await letsThrough(dataDir, account);
  await makeDirectory(dataDir, reachable ? 0o711 : 0o700);
  const home = await chooseHome(await realpath(dataDir), account, notes);
  return toPlace(home, (await findOwner(join(home, 'postgres'))) ?? account);
}

/** PostgreSQL asks for the name of the user that it runs as, and fails where there is none. */
function assertNamed(): void {
  try {
    userInfo();
  } catch {
    throw new Error(
      `PostgreSQL cannot run as the user id ${process.getuid?.()}, which has no entry in /etc/passwd: add one, run as another user, or give a DATABASE_URL.`,
    );
  }
}

function toPlace(home: string, account: Account | undefined): Place {
  return { home, cluster: join(home, 'postgres'), account };
}

/** An existing cluster decides, wherever it is: a changed mode of a directory must not look like the loss of all data. */
async function chooseHome(dataDir: string, account: Account, notes: string[]): Promise<string> {
  const owner = await findOwner(join(dataDir, 'postgres'));
  const reachable = await letsThrough(dataDir, owner ?? account);
  if (owner !== null && !reachable) {
    throw new Error(
      `The user that runs PostgreSQL cannot reach ${dataDir}. Let it through: chmod 711 on it and on each directory above it.`,
    );
  }
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const elsewhere = join(SYSTEM_DIRECTORY, `data-${digest}`);
  if (owner !== null || (reachable && (await findOwner(join(elsewhere, 'postgres'))) === null))
    return dataDir;
  await makeDirectory(SYSTEM_DIRECTORY, 0o755);
  await makeDirectory(elsewhere, 0o711);
  notes.push(`The database is kept in ${elsewhere}: PostgreSQL's system user cannot reach ${dataDir}.`);
  return elsewhere;
}

/** The owner of a directory; null when there is none, or when it is root's (an empty mount, for instance). */
async function findOwner(directory: string): Promise<Account | null> {
  try {
    const { uid, gid } = await stat(directory);
    return uid === 0 ? null : { uid, gid };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The system user that PostgreSQL runs as where we are root; made if missing. */
export async function findOrCreateAccount(): Promise<Account> {
  try {
    return await findAccount();
  } catch {
    await createAccount();
    return findAccount();
  }
}

async function findAccount(): Promise<Account> {
  const ask = async (flag: string) => Number(await run('id', [flag, ACCOUNT_NAME], { timeoutMs: 5_000 }));
  const [uid, gid] = await Promise.all([ask('-u'), ask('-g')]);
  return { uid, gid };
}

async function createAccount(): Promise<void> {
  const useradd = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    ACCOUNT_NAME,
  ];
  try {
    await run('useradd', useradd, { timeoutMs: 10_000 });
  } catch (error) {
    throw new Error(
      `PostgreSQL does not run as root, and the system user "${ACCOUNT_NAME}" could not be made (${(error as Error).message}) Make it, or run the server as another user.`,
    );
  }
}

/** True when the user may pass through the directory and all above it. Those that do not exist yet count as open. */
export async function letsThrough(directory: string, { uid, gid }: Account): Promise<boolean> {
  const above = dirname(directory);
  if (above !== directory && !(await letsThrough(above, { uid, gid }))) return false;
  try {
    const found = await stat(directory);
    const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
    return (found.mode & bit) !== 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

/** Makes a directory and those above it. Only what is made here gets the mode; what was there keeps its own. */
export async function makeDirectory(directory: string, mode: number): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) {
    // The umask may have taken bits away.
    await chmod(made, mode);
  }
}
