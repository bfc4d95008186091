import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createKeyFile } from '../src/sealing/key-file.js';
import { aDataDirectory, type ChildServer, endServers, startServer } from './support/child-server.js';
import { Client } from './support/client.js';
import { json, vault } from './support/command-line.js';
import { queryAs } from './support/database.js';
import { aCustomer } from './support/factories.js';
import { startSystemPostgres, systemPrograms } from './support/system-postgres.js';

// The commands of docs/operating.md, as they stand there.

afterAll(endServers);

/** The blocks of commands of a section, in their order. */
async function commandsOf(section: string): Promise<string[]> {
  const text = await readFile('docs/operating.md', 'utf8');
  const part = text.split(/^## /m).find((each) => each.startsWith(section)) ?? '';
  return [...part.matchAll(/```sh\n(.+?)```/gs)].map(([, commands = '']) => commands);
}

function run(commands: string, folder: string, environment: Record<string, string> = {}): void {
  const PATH = `${systemPrograms ?? ''}:${process.env['PATH']}`;
  const { status, stderr } = spawnSync('sh', ['-euc', commands], {
    cwd: folder,
    env: { ...environment, PATH },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
}

async function namesOf(server: ChildServer, key: string): Promise<string[]> {
  const client = new Client(await server.ready(), { authorization: `Bearer ${key}` });
  const answer = await client.execute('{ customers { nodes { name } } }');
  return answer.expectData().customers.nodes.map(({ name }: { name: string }) => name);
}

// Two clusters, or two starts, on a busy machine.
const LONG_MS = 120_000;

test(
  'a vault is backed up, and goes on in another cluster with other logins',
  async () => {
    if (systemPrograms === null) {
      process.stderr.write('This machine has no pg_dump: backup and restore with it were not tried.\n');
      return;
    }
    const [backup = '', restore = ''] = await commandsOf('Backup and restore');
    const [from, to] = await Promise.all([
      startSystemPostgres(systemPrograms),
      startSystemPostgres(systemPrograms),
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'vault-backup-'));
    try {
      const keyFile = join(folder, 'keys.json');
      await createKeyFile(keyFile);
      const old = await anOwner(from.url, 'app', 'createrole');
      const settings = { VAULT_TOKENIZATION: 'sandbox', VAULT_DATA_DIR: join(folder, 'none') };
      const source = { ...settings, DATABASE_URL: old, VAULT_KEY_FILE: keyFile };
      const { key } = await json(source, 'init');
      const server = startServer(source);
      await aCustomer(new Client(await server.ready(), { authorization: `Bearer ${key}` }), { name: 'José' });
      const owner = await anOwner(to.url, 'somebody_else', '');
      await queryAs(
        to.url,
        `create role vault_runtime nologin; create role vault_login login password 'pw';
       grant vault_runtime to somebody_else, vault_login`,
      );

      run(backup, folder, { VAULT_OWNER_URL: old, VAULT_KEY_FILE: keyFile });
      run(restore, folder, { NEW_OWNER_URL: owner });
      const moved = new URL(owner);
      [moved.username, moved.password] = ['vault_login', 'pw'];
      const urls = { DATABASE_URL: moved.href, VAULT_OWNER_URL: owner };
      const environment = { ...settings, ...urls, VAULT_KEY_FILE: join(folder, 'new-keys.json') };
      const restored = startServer(environment);

      expect(await namesOf(restored, key)).toEqual(['José']);
      await aCustomer(new Client(await restored.ready(), { authorization: `Bearer ${key}` }), {
        name: 'After',
      });
      const port = new URL(await restored.ready()).port;
      const status = await vault({ ...environment, PORT: port }, 'status');
      expect([status.code, status.stderr]).toEqual([0, '']);
      expect((await Promise.all([server.stop(), restored.stop()])).map(({ code }) => code)).toEqual([0, 0]);
      const rights = await queryAs(
        owner,
        "select has_table_privilege('vault_runtime', '_prisma_migrations', 'select') as history",
      );
      expect(rights.rows).toEqual([{ history: false }]);
    } finally {
      await Promise.all([from.stop(), to.stop(), rm(folder, { recursive: true })]);
    }
  },
  LONG_MS,
);

/** A login and its own empty database; the URL of both. */
async function anOwner(admin: string, name: string, role: string): Promise<string> {
  await queryAs(admin, `create role ${name} login password 'pw' ${role}`);
  await queryAs(admin, `create database vault_of_${name} owner ${name}`);
  const url = new URL(admin);
  [url.username, url.password, url.pathname] = [name, 'pw', `vault_of_${name}`];
  return url.href;
}

test(
  'an embedded vault is backed up as files, and goes on elsewhere',
  async () => {
    const [, , backup = '', restore = ''] = await commandsOf('Backup and restore');
    const [folder, elsewhere] = [dirname(await aDataDirectory()), dirname(await aDataDirectory())];
    const first = startServer({ VAULT_DATA_DIR: join(folder, '.vault') });
    await first.ready();
    const key = first.announcedKey ?? '';
    await aCustomer(new Client(await first.ready(), { authorization: `Bearer ${key}` }), { name: 'José' });
    await first.stop();

    run(backup, folder);
    await mkdir(elsewhere, { recursive: true });
    run(`mv ${join(folder, 'vault.tar.gz')} .\n${restore}`, elsewhere);
    const second = startServer({ VAULT_DATA_DIR: join(elsewhere, '.vault') });

    expect(await namesOf(second, key)).toEqual(['José']);
    expect((await second.stop()).code).toBe(0);
  },
  LONG_MS,
);
