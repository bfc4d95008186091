import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFile } from '@swc/core';
import pg from 'pg';
import { isServerOn } from '../../src/embedded-postgres/child.js';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.js';

const settings = { fsync: 'off' };
const isRoot = process.getuid?.() === 0;
// Below node_modules, so that plain Node finds the packages that the compiled files import.
const compiled = join(process.cwd(), 'node_modules', '.cache', `embedded-postgres-test-${process.pid}`);
const madeDirectories: string[] = [];
const madeProcesses: ChildProcess[] = [];

beforeAll(async () => {
  const folders = ['embedded-postgres', 'db', 'shared'];
  for (const folder of folders) await mkdir(join(compiled, folder), { recursive: true });
  const sources = (await readdir('src/embedded-postgres')).map((name) => join('embedded-postgres', name));
  await Promise.all([...sources, 'db/single-connection.ts', 'shared/follow-links.ts'].map(compile));
  await writeFile(join(compiled, 'package.json'), '{ "type": "module" }');
  await writeFile(join(compiled, 'vault.mjs'), VAULT);
});

afterAll(async () => {
  for (const child of madeProcesses) child.kill('SIGKILL');
  for (const directory of madeDirectories) {
    await endServer(directory);
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  await rm(compiled, { recursive: true, force: true });
});

// A user id that no system gives, and small enough for a container of few.
const NAMELESS = 64_999;

/** Only root can become another user. For the others Node says here what it says to that user. */
const STAND_IN = `
  const os = await import('node:os');
  process.getuid = () => ${NAMELESS};
  os.default.userInfo = () => { throw new Error('uv_os_get_passwd returned ENOENT'); };
  (await import('node:module')).syncBuiltinESMExports()`;

/** A process that runs the embedded PostgreSQL as the server does, tells the outcome in one line, and stays. */
const VAULT = `
  import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
  process.on('SIGINT', () => {});
  if (process.argv[3] === 'nameless') {
    ${isRoot ? `process.setuid(${NAMELESS})` : STAND_IN};
  }
  const started = startEmbeddedPostgres({ dataDir: process.argv[2], settings: ${JSON.stringify(settings)} });
  const outcome = await started.then(({ ownerUrl }) => ({ ownerUrl }), ({ message }) => ({ error: message }));
  console.log(JSON.stringify(outcome));
  if (outcome.ownerUrl) setInterval(() => {}, 1000);
`;

async function compile(name: string): Promise<void> {
  const { code } = await transformFile(join('src', name), {
    module: { type: 'es6' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  await writeFile(join(compiled, name.replace(/\.ts$/, '.js')), code);
}

/** A path for a data directory; it is left to the code under test to make it. */
function aDataDirectory(): string {
  const directory = join(tmpdir(), `vault-test-${randomUUID()}`);
  madeDirectories.push(directory);
  return directory;
}

interface Outcome {
  readonly ownerUrl?: string;
  readonly error?: string;
}

function aVault(dataDir: string, ...words: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [join(compiled, 'vault.mjs'), dataDir, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  madeProcesses.push(child);
  const lines = createInterface({ input: child.stdout });
  const outcome = new Promise<Outcome>((resolve) => {
    lines.once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', () => resolve({ error: 'It ended without an outcome.' }));
  });
  return { child, outcome };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Starts a vault in a process of its own, kills that process, and gives the server that it leaves behind. */
async function anOrphan(dataDir: string): Promise<{ pid: number; ownerUrl: string }> {
  const { child, outcome } = aVault(dataDir);
  const { ownerUrl = '' } = await outcome;
  await query(ownerUrl, 'create table kept as select 42 as answer');
  await kill(child);
  return { pid: await readServerPid(dataDir), ownerUrl };
}

async function readServerPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

async function endServer(dataDir: string): Promise<void> {
  const pid = await readServerPid(dataDir).catch(() => 0);
  // Only what still serves this directory: the id may be another's by now.
  if (await isServing(pid, dataDir)) process.kill(pid, 'SIGKILL');
}

async function query(connectionString: string, sql: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function listModes(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('in-use.'));
  const modes = names.map(async (name) => [name, toMode((await stat(join(directory, name))).mode)] as const);
  return Object.fromEntries(await Promise.all(modes));
}

function toMode(mode: number): string {
  return (mode & 0o777).toString(8);
}

async function isServing(pid: number, dataDir: string): Promise<boolean> {
  return pid > 0 && isServerOn(pid, join(dataDir, 'postgres'));
}

test('makes the database on the first start and keeps its data over a restart', async () => {
  const dataDir = aDataDirectory();
  const first = await startEmbeddedPostgres({ dataDir, settings });
  await query(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir, settings });
  const rows = await query(
    second.ownerUrl,
    'select answer, current_user as owner, current_database() as name from kept',
  );
  await second.stop();
  expect(rows).toEqual([{ answer: 42, owner: 'vault_owner', name: 'vault' }]);
  expect(second.notes).toEqual([]);
});

test('listens on this machine only, sorts the same everywhere, and loads pg_stat_statements', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: aDataDirectory(), settings });
  await query(postgres.ownerUrl, 'create extension pg_stat_statements');
  const rows = await query(
    postgres.ownerUrl,
    `select current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets,
       current_setting('timezone') as zone, current_setting('fsync') as fsync, upper('é') as upper,
       pg_encoding_to_char(encoding) as encoding, datlocale as locale, (select count(*) >= 0 from pg_stat_statements) as stats
     from pg_database where datname = current_database()`,
  );
  await postgres.stop();
  expect(rows).toEqual([
    {
      listens: '127.0.0.1',
      sockets: '',
      zone: 'UTC',
      fsync: 'off',
      upper: 'É',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      stats: true,
    },
  ]);
});

test('refuses a connection with a wrong password', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: aDataDirectory(), settings });
  const url = new URL(postgres.ownerUrl);
  url.password = 'wrong';
  await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await postgres.stop();
});

test('closes the cluster, its password and its log to other users', async () => {
  const dataDir = aDataDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const modes = await listModes(dataDir);
  await postgres.stop();
  expect(modes).toEqual({ postgres: '700', 'postgres-password': '600', 'postgres.log': '600' });
  expect(toMode((await stat(dataDir)).mode)).toBe(isRoot ? '711' : '700');
});

// Elsewhere there is nothing to see: another user than root cannot become one.
if (isRoot) {
  test('runs as a system user when it is root, and keeps the password to root', async () => {
    const dataDir = aDataDirectory();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    const owners = await Promise.all(
      ['postgres', 'postgres-password', 'postgres.log'].map(
        async (name) => (await stat(join(dataDir, name))).uid,
      ),
    );
    await postgres.stop();
    expect(owners).toEqual([expect.any(Number), 0, 0]);
    expect(owners[0]).not.toBe(0);
  });

  test('keeps the cluster elsewhere and says so when the system user cannot reach the data directory', async () => {
    const dataDir = aDataDirectory();
    await mkdir(dataDir, { mode: 0o700 });
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    const [, home = ''] = /kept in (\S+):/.exec(postgres.notes[0] ?? '') ?? [];
    madeDirectories.push(home);
    await postgres.stop();
    expect(dirname(home)).toBe('/var/lib/customer-vault');
    expect(Object.keys(await listModes(home))).toContain('postgres');
    expect(await readdir(dataDir)).toEqual([]);
    expect(toMode((await stat(dataDir)).mode)).toBe('700');
  });

  test('refuses to start anew where an existing cluster has become unreachable', async () => {
    const dataDir = aDataDirectory();
    const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'inner'), settings });
    await postgres.stop();
    await chmod(dataDir, 0o700);
    const start = startEmbeddedPostgres({ dataDir: join(dataDir, 'inner'), settings });
    await expect(start).rejects.toThrow('chmod 711');
  });
}

// Elsewhere nothing shows the environment of another process.
if (process.platform === 'linux') {
  test('hands nothing of its own environment, which may hold keys, to PostgreSQL', async () => {
    const dataDir = aDataDirectory();
    const postgres = await startEmbeddedPostgres({ dataDir, settings });
    const environment = await readFile(`/proc/${await readServerPid(dataDir)}/environ`, 'utf8');
    await postgres.stop();
    const names = environment.split('\0').map((line) => line.replace(/=.*/s, ''));
    expect(names.filter((name) => name !== '').sort()).toEqual(['LC_ALL', 'PATH', 'TZ']);
  });
}

test('writes no value of a failing statement into the log', async () => {
  const dataDir = aDataDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const bad = query(postgres.ownerUrl, 'select $1::text::uuid', ['4242-secret']);
  await expect(bad).rejects.toMatchObject({ code: '22P02' });
  await postgres.stop();
  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
  expect(log).toContain('ready to accept connections');
  expect(log).not.toContain('4242-secret');
});

test('moves a log that has grown past 5 MiB aside', async () => {
  const dataDir = aDataDirectory();
  await mkdir(dataDir, { mode: 0o711 });
  await writeFile(join(dataDir, 'postgres.log'), 'x'.repeat(5 * 1024 * 1024 + 1));
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  await postgres.stop();
  expect((await stat(join(dataDir, 'postgres.log.1'))).size).toBe(5 * 1024 * 1024 + 1);
  expect((await stat(join(dataDir, 'postgres.log'))).size).toBeLessThan(10_000);
});

test('stops cleanly and leaves nothing in use, also when asked twice', async () => {
  const dataDir = aDataDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const pid = await readServerPid(dataDir);
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect(await isServing(pid, dataDir)).toBe(false);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
});

test('stops without complaint when PostgreSQL is gone already', async () => {
  const dataDir = aDataDirectory();
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  process.kill(await readServerPid(dataDir), 'SIGKILL');
  await expect(postgres.stop()).resolves.toBeUndefined();
});

test('takes over the server that a killed process left running', async () => {
  const dataDir = aDataDirectory();
  const orphan = await anOrphan(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const rows = await query(postgres.ownerUrl, 'select answer from kept');
  const pid = await readServerPid(dataDir);
  await postgres.stop();
  expect({ pid, ownerUrl: postgres.ownerUrl }).toEqual(orphan);
  expect(rows).toEqual([{ answer: 42 }]);
  expect(postgres.notes).toEqual([expect.stringContaining('Took over')]);
  expect(await isServing(orphan.pid, dataDir)).toBe(false);
});

test('replaces the server of a killed process when it runs with other settings', async () => {
  const dataDir = aDataDirectory();
  const orphan = await anOrphan(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { ...settings, work_mem: '5MB' } });
  const rows = await query(
    postgres.ownerUrl,
    `select answer, current_setting('work_mem') as memory from kept`,
  );
  await postgres.stop();
  expect(rows).toEqual([{ answer: 42, memory: '5MB' }]);
  expect(await isServing(orphan.pid, dataDir)).toBe(false);
});

test('replaces the server of a killed process within 15 seconds when it hangs', async () => {
  const dataDir = aDataDirectory();
  const orphan = await anOrphan(dataDir);
  process.kill(orphan.pid, 'SIGSTOP');
  const began = Date.now();
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  expect(Date.now() - began).toBeLessThan(15_000);
  const rows = await query(postgres.ownerUrl, 'select answer from kept');
  await postgres.stop();
  expect(rows).toEqual([{ answer: 42 }]);
  expect(await isServing(orphan.pid, dataDir)).toBe(false);
});

test('completes a first start that was killed at several moments', async () => {
  const dataDir = aDataDirectory();
  for (const moment of [150, 300, 450, 600, 800]) {
    const { child } = aVault(dataDir);
    await sleep(moment);
    await kill(child);
  }
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const rows = await query(postgres.ownerUrl, 'select current_database() as name');
  await postgres.stop();
  expect(rows).toEqual([{ name: 'vault' }]);
});

test('starts over a pid file whose process id belongs to another process now, which it leaves alone', async () => {
  const dataDir = aDataDirectory();
  const orphan = await anOrphan(dataDir);
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  await endServer(dataDir);
  // As the same user: PostgreSQL then takes it for a server, and pg_ctl would stop it.
  const { uid, gid } = await stat(pidFile);
  const other = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
  madeProcesses.push(other);
  await writeFile(pidFile, text.replace(String(orphan.pid), String(other.pid)));
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const rows = await query(postgres.ownerUrl, 'select answer from kept');
  await postgres.stop();
  expect(rows).toEqual([{ answer: 42 }]);
  expect([other.exitCode, other.signalCode]).toEqual([null, null]);
});

test('starts over an empty pid file', async () => {
  const dataDir = aDataDirectory();
  await (await startEmbeddedPostgres({ dataDir, settings })).stop();
  await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), '');
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  await expect(query(postgres.ownerUrl, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
  await postgres.stop();
});

test('refuses a data directory that another living server uses and leaves that one alone', async () => {
  const dataDir = aDataDirectory();
  const { child, outcome } = aVault(dataDir);
  const { ownerUrl = '' } = await outcome;
  const second = startEmbeddedPostgres({ dataDir, settings });
  await expect(second).rejects.toThrow(`Another vault server (process ${child.pid}) is using ${dataDir}.`);
  await expect(query(ownerUrl, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
});

test('gives a new data directory to exactly one of three servers that start at once', async () => {
  const dataDir = aDataDirectory();
  const outcomes = await Promise.all([1, 2, 3].map(() => aVault(dataDir).outcome));
  expect(outcomes.filter(({ ownerUrl }) => ownerUrl !== undefined)).toHaveLength(1);
  expect(outcomes.filter(({ error }) => error?.includes('Another vault server'))).toHaveLength(2);
});

test('refuses a data directory that a server in another container shows to be using', async () => {
  const dataDir = aDataDirectory();
  await mkdir(dataDir, { mode: 0o711 });
  const claim = join(dataDir, 'in-use.000000000000001.pid1.7.x1.abcd');
  await writeFile(claim, '');
  const start = startEmbeddedPostgres({ dataDir, settings });
  const signs = setInterval(() => void writeFile(claim, 'alive'), 1_000);
  await expect(start).rejects.toThrow('Another vault server (process 7)');
  clearInterval(signs);
});

test('takes the data directory of a server in another container that has shown no life for 8 seconds', async () => {
  const dataDir = aDataDirectory();
  await mkdir(dataDir, { mode: 0o711 });
  const claim = join(dataDir, 'in-use.000000000000001.pid1.7.x1.abcd');
  await writeFile(claim, '');
  await utimes(claim, new Date(), new Date(Date.now() - 8_000));
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  await postgres.stop();
  expect(await readdir(dataDir)).not.toContain(basename(claim));
});

test('keeps PostgreSQL running when the process group gets a Ctrl-C', async () => {
  const dataDir = aDataDirectory();
  const { child, outcome } = aVault(dataDir);
  const { ownerUrl = '' } = await outcome;
  // The child leads a group of its own, as a shell's job does, and survives the signal itself.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await sleep(300);
  await expect(query(ownerUrl, 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('shutdown request');
});

test('refuses a cluster of another major version and leaves it as it is', async () => {
  const dataDir = aDataDirectory();
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  await writeFile(join(dataDir, 'postgres-password'), 'secret\n');
  const start = startEmbeddedPostgres({ dataDir, settings });
  await expect(start).rejects.toThrow('was made by PostgreSQL 17');
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
});

test('refuses a directory that holds something else where the cluster belongs', async () => {
  const dataDir = aDataDirectory();
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine');
  const start = startEmbeddedPostgres({ dataDir, settings });
  await expect(start).rejects.toThrow('holds no PostgreSQL cluster');
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['notes.txt']);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password']);
});

test('says to a user id without a name what it lacks, and makes nothing', async () => {
  const dataDir = aDataDirectory();

  const outcome = await aVault(dataDir, 'nameless').outcome;

  expect(outcome).toEqual({
    error: `PostgreSQL cannot run as the user id ${NAMELESS}, which has no entry in /etc/passwd: add one, run as another user, or give a DATABASE_URL.`,
  });
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
});

test('names the reason when PostgreSQL does not start', async () => {
  const start = startEmbeddedPostgres({
    dataDir: aDataDirectory(),
    settings: { ...settings, work_mem: 'much' },
  });
  await expect(start).rejects.toThrow(/^PostgreSQL did not start: .*"work_mem"/);
});
