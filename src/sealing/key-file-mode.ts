import type { Stats } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';

// Windows has no such mode bits.
const IS_POSIX = process.platform !== 'win32';
const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_MORE = 0o022;
const MORE_THAN_GROUP_MAY_READ = 0o037;

/**
 * Whether a key file can be reached by others than those who have to.
 *
 * As PostgreSQL has it for its TLS key, a file of root's may be read by a group of ours, so that a process without
 * root's rights can have one that it cannot change (Kubernetes, `fsGroup`). On a read-only mount, as containers get
 * their secrets, nobody can change the mode: what may only be read is taken there, since the mount is the container's.
 */
export async function isExposed(path: string, { mode, uid, gid }: Stats): Promise<boolean> {
  if (!IS_POSIX || (mode & GROUP_AND_OTHERS) === 0) return false;
  const isOurs = process.getgroups?.().includes(gid) || process.getgid?.() === gid;
  const isRootsForUs = uid === 0 && process.getuid?.() !== 0 && isOurs;
  if (isRootsForUs && (mode & MORE_THAN_GROUP_MAY_READ) === 0) return false;
  return (mode & WRITABLE_BY_MORE) !== 0 || !(await isOnReadOnlyMount(path));
}

/** By Linux's own list of what is mounted; elsewhere nothing is known to be read-only. */
async function isOnReadOnlyMount(path: string): Promise<boolean> {
  const list = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const file = await realpath(path);
  return isReadOnlyMount(list, file);
}

/** Of a list in the form of proc_pid_mountinfo(5): whether the innermost mount that a file is on is read-only. */
export function isReadOnlyMount(list: string, file: string): boolean {
  let innermost = { at: '', isReadOnly: false };
  for (const line of list.split('\n')) {
    const [, , , , mountPoint = '', options = ''] = line.split(' ');
    const at = mountPoint.replace(/\\([0-7]{3})/g, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const isAbove = at === '/' || file === at || file.startsWith(`${at}/`);
    // Of two on the same point the later one covers the earlier.
    if (at !== '' && isAbove && at.length >= innermost.at.length) {
      innermost = { at, isReadOnly: options.split(',').includes('ro') };
    }
  }
  return innermost.isReadOnly;
}
