import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/** The system user that PostgreSQL runs as, where that is not our own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const execute = promisify(execFile);

/**
 * What every child process of the embedded PostgreSQL is started with. The environment is made anew, because ours
 * may hold key-encryption keys and PG* variables, and a database superuser can read the environment of the server.
 * The working directory is the root: PostgreSQL's user may not be able to enter ours.
 */
export function childOptions(account: Account | undefined) {
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  return { ...account, env, cwd: '/' };
}

/**
 * Runs a program to its end without a shell and gives back what it printed.
 *
 * @throws Error with one sentence that ends in the last line of the program's own complaint.
 */
export async function run(
  file: string,
  args: readonly string[],
  limits: { readonly account?: Account | undefined; readonly timeoutMs: number },
): Promise<string> {
  try {
    const options = {
      ...childOptions(limits.account),
      timeout: limits.timeoutMs,
      killSignal: 'SIGKILL',
    } as const;
    return (await execute(file, args, options)).stdout;
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string };
    if (killed) throw new Error(`${basename(file)} did not end within ${limits.timeoutMs / 1000} s.`);
    throw new Error(`${basename(file)} failed: ${lastLines(stderr || message, 1)}`);
  }
}

/** The last lines of a text that are not empty: enough for an error message, too little to flood it. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join(' ');
}

/** True when a file-system or process call failed with this code. (`instanceof Error` fails across Jest's realms.) */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException | null)?.code ?? '');
}

/**
 * When a process started, in a form that only serves to compare: with the process id it names one process for
 * ever, ids being given out again. Null when the process has ended, also when nobody has collected it yet (a
 * zombie, common in containers). Where the platform does not tell, every living process starts at `unknown`.
 */
export async function findProcessStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return findStartInProc(pid);
  if (process.platform === 'darwin') return findStartByPs(pid);
  return isRunning(pid) ? 'unknown' : null;
}

async function findStartInProc(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces; state is field 3, start is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    // The start counts from boot, so it needs the boot beside it.
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.slice(0, 8)}x${fields[19]}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return null;
    throw error;
  }
}

async function findStartByPs(pid: number): Promise<string | null> {
  const line = await readPs(pid, 'stat=,lstart=');
  return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+/, '').replace(/\W/g, '');
}

/**
 * True when that process is a PostgreSQL server on exactly this directory. `pg_ctl` does not ask: it would take any
 * process that was given the id of a dead server for the server, and stop it.
 */
export async function isServerOn(pid: number, directory: string): Promise<boolean> {
  const command = await readCommand(pid);
  return command === null ? isRunning(pid) : `${command} `.includes(` -D ${directory} `);
}

async function readCommand(pid: number): Promise<string | null> {
  if (process.platform === 'darwin') return readPs(pid, 'command=');
  if (process.platform !== 'linux') return null;
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return '';
    throw error;
  }
}

async function readPs(pid: number, columns: string): Promise<string> {
  const args = ['-ww', '-o', columns, '-p', String(pid)];
  // ps ends with an error when there is no such process.
  return run('ps', args, { timeoutMs: 2_000 }).then(
    (text) => text.trim(),
    () => '',
  );
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
