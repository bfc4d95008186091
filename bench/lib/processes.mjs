import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Linux counts processor time in hundredths of a second. */
const MS_A_TICK = 10;

/** What the process holds in memory now and at most, in megabytes; null where the system does not tell. */
export async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const megabytes = (field) => {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    return found === undefined ? null : Math.round(Number(found) / 1024);
  };
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** The processor time that the process has used, in milliseconds; 0 where the system does not tell. */
export async function cpuOf(pid) {
  const { user, system } = await statOf(pid);
  return (user + system) * MS_A_TICK;
}

/** The same for a PostgreSQL cluster: its main process and all that it has started, also those that have ended. */
export async function cpuOfPostgres(dataDir) {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const main = Number(text.split('\n')[0]);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(statOf));
  return all
    .filter(({ pid, parent }) => pid === main || parent === main)
    .reduce(
      (sum, { pid, user, system, ended }) => sum + (user + system + (pid === main ? ended : 0)) * MS_A_TICK,
      0,
    );
}

async function statOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold spaces; what follows is separated by one each.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    pid: Number(pid),
    parent: fields[1],
    user: fields[11] ?? 0,
    system: fields[12] ?? 0,
    ended: (fields[13] ?? 0) + (fields[14] ?? 0),
  };
}
