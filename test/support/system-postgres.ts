import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOrCreateAccount } from '../../src/embedded-postgres/place.js';

const execute = promisify(execFile);
const INSTALLED = '/usr/lib/postgresql';

/** The programs of a PostgreSQL that the machine has beside the one that the product brings; null: it has none. */
export const systemPrograms: string | null = findPrograms();

/** A cluster of the machine's own PostgreSQL, for what the embedded one lacks: other versions, `pg_dump`, `psql`. */
export interface SystemPostgres {
  /** A superuser's URL, of its database `postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}

function findPrograms(): string | null {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(INSTALLED, version, 'bin'));
  return (
    folders.find((folder) => ['initdb', 'pg_dump', 'psql'].every((name) => existsSync(join(folder, name)))) ??
    null
  );
}

/** Starts a new cluster in a temporary folder; TLS, where a certificate is given. */
export async function startSystemPostgres(programs: string): Promise<SystemPostgres> {
  const account = process.getuid?.() === 0 ? await findOrCreateAccount() : undefined;
  const run = (name: string, ...args: string[]) =>
    execute(join(programs, name), args, {
      ...account,
      cwd: '/',
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    });
  const folder = await mkdtemp(join(tmpdir(), 'vault-system-'));
  await chmod(folder, 0o711);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const passwords = join(folder, 'password');
  await writeFile(passwords, 'superuser');
  if (account) await Promise.all([data, passwords].map((path) => chown(path, account.uid, account.gid)));
  await run(
    'initdb',
    '--pgdata',
    data,
    '--username=admin',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
    `--pwfile=${passwords}`,
  );
  const port = await freePort();
  const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=60`;
  await run('pg_ctl', 'start', '-w', '-s', '--pgdata', data, '-l', join(data, 'log'), '-o', settings);
  return {
    url: `postgresql://admin:superuser@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await run('pg_ctl', 'stop', '-w', '-s', '-m', 'immediate', '--pgdata', data);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
