import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedDatabase, openDatabase } from '../../src/db/open-database.js';
import { UnfitDatabase } from '../../src/db/prepare-database.js';
import { sql } from '../../src/db/sql.js';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.js';
import { createLog } from '../../src/log.js';
import { StopSteps } from '../../src/shared/stop-steps.js';
import { queryAs } from '../support/database.js';
import { startSystemPostgres, systemPrograms } from '../support/system-postgres.js';

// PostgreSQL as it is hosted: nobody who runs the vault is a superuser. PostgreSQL 18, and the machine's own where it
// has one: since 16 whoever makes a role may not act in it.
const versions = systemPrograms === null ? ['brought along'] : ['brought along', 'of the machine'];

interface Cluster {
  /** A superuser's URL. */
  readonly url: string;
  stop(): Promise<void>;
}

const clusters = new Map<string, Cluster>();

beforeAll(async () => {
  clusters.set('brought along', await startBroughtAlong());
  if (systemPrograms) clusters.set('of the machine', await startSystemPostgres(systemPrograms));
});

afterEach(async () => {
  for (const { url } of clusters.values()) await clearCluster(url);
});

afterAll(async () => {
  for (const cluster of clusters.values()) await cluster.stop();
});

async function startBroughtAlong(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-managed-'));
  const { ownerUrl, stop } = await startEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    settings: { fsync: 'off' },
  });
  const remove = () => rm(folder, { recursive: true, force: true });
  return { url: ownerUrl, stop: async () => stop().then(remove) };
}

/** Roles belong to the whole cluster: the next test begins without them. */
async function clearCluster(url: string): Promise<void> {
  const { rows } = await queryAs<{ name: string }>(
    url,
    `select datname as name from pg_database where datname like 'm\\_%'`,
  );
  for (const { name } of rows) await queryAs(url, `drop database ${name} with (force)`);
  await queryAs(
    url,
    `do $$ declare name text; begin
       for name in select rolname from pg_roles where rolname like 'm\\_%' or rolname = 'vault_runtime' loop
         execute format('drop owned by %I', name); execute format('drop role %I', name);
       end loop; end $$`,
  );
}

/** An empty database and its owner, who is no superuser. */
async function aDatabase(version: string, name: string, { role = '', create = '' } = {}) {
  const admin = clusters.get(version)?.url ?? '';
  await queryAs(admin, `create role ${name} login password 'p@ss/w#rd' ${role}`);
  await queryAs(admin, `create database ${name} owner ${name} ${create}`);
  const at = new URL(admin);
  const url = `postgresql://${name}:p@ss/w#rd@${at.host}/${name}`;
  at.pathname = name;
  return { admin: at.href, url };
}

/** Opens a database as a start does, and says how many merchants it has. */
async function open(url: string, ownerUrl: string | null = null): Promise<string> {
  const stops = new StopSteps(createLog('silent', { write: () => {} }));
  try {
    const opened: OpenedDatabase = await openDatabase(
      {
        address: { kind: 'url', url, ownerUrl },
        dataDir: 'none',
        migrations: 'prisma/migrations',
        poolSize: 1,
        lanes: 1,
        scans: 1,
      },
      stops,
    );
    await opened.db.prisma.merchant.count();
    const [row] = await opened.db.read<{ row: string }>(
      sql`select current_schema() || ' as ' || current_user as row`,
    );
    return row?.row ?? '';
  } finally {
    await stops.run();
  }
}

async function refusalOf(url: string, ownerUrl: string | null = null): Promise<string> {
  const thrown = await open(url, ownerUrl).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UnfitDatabase);
  return (thrown as Error).message;
}

async function tablesOf(url: string): Promise<number> {
  const { rows } = await queryAs<{ tables: number }>(
    url,
    `select count(*)::int as tables from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  return rows[0]?.tables ?? -1;
}

/** What a refusal says that an administrator has to run. */
function statementsIn(message: string): string {
  return /an administrator has to run `(.+)`\.$/.exec(message)?.[1] ?? '';
}

test.each(versions)(
  'starts, and starts again, as an owner with CREATEROLE (PostgreSQL %s)',
  async (version) => {
    const { url } = await aDatabase(version, 'm_createrole', { role: 'createrole' });

    const first = await open(url);
    const again = await open(url);

    expect([first, again]).toEqual(Array(2).fill('public as vault_runtime'));
  },
);

test.each(versions)(
  'starts as an owner without CREATEROLE once the role is there (PostgreSQL %s)',
  async (version) => {
    const { admin, url } = await aDatabase(version, 'm_plain');
    await queryAs(admin, 'create role vault_runtime nologin; grant vault_runtime to m_plain');

    await expect(open(url)).resolves.toBe('public as vault_runtime');
  },
);

test.each(versions)(
  'without CREATEROLE and without the role it says what to run, changes nothing, and starts after it (PostgreSQL %s)',
  async (version) => {
    const { admin, url } = await aDatabase(version, 'm_plain');

    const message = await refusalOf(url);
    const tables = await tablesOf(admin);
    await queryAs(admin, statementsIn(message));

    expect(message).toMatch(
      /^The login m_plain may not make the role vault_runtime: an administrator has to run `create role vault_runtime nologin; grant vault_runtime to m_plain( with set true)?;`\.$/,
    );
    expect(tables).toBe(0);
    await expect(open(url)).resolves.toBe('public as vault_runtime');
  },
);

test.each(versions)(
  'with a role that it is no member of it says what to run, and starts after it (PostgreSQL %s)',
  async (version) => {
    const { admin, url } = await aDatabase(version, 'm_plain');
    await queryAs(admin, 'create role vault_runtime nologin');

    const message = await refusalOf(url);
    await queryAs(admin, statementsIn(message));

    expect(message).toMatch(
      /^The login m_plain may not act in the role vault_runtime: an administrator has to run `grant vault_runtime to m_plain( with set true)?;`\.$/,
    );
    await expect(open(url)).resolves.toBe('public as vault_runtime');
  },
);

test.each(versions)('serves two vaults of two logins in one cluster (PostgreSQL %s)', async (version) => {
  const one = await aDatabase(version, 'm_one', { role: 'createrole' });
  const other = await aDatabase(version, 'm_other', { role: 'createrole' });
  await open(one.url);

  // Before PostgreSQL 16 a login with CREATEROLE may grant every role.
  const message = await open(other.url).catch((error: Error) => error.message);
  await queryAs(other.admin, statementsIn(message));

  if (version === 'brought along')
    expect(message).toMatch(/^The login m_other may not act in the role vault_runtime/);
  await expect(open(other.url)).resolves.toBe('public as vault_runtime');
  await expect(open(one.url)).resolves.toBe('public as vault_runtime');
});

test.each(versions)('starts with two logins, neither with CREATEROLE (PostgreSQL %s)', async (version) => {
  const { admin, url } = await aDatabase(version, 'm_owner');
  await queryAs(
    admin,
    "create role vault_runtime nologin; create role m_server login password 'pw'; grant vault_runtime to m_owner, m_server",
  );
  const server = new URL(admin);
  [server.username, server.password] = ['m_server', 'pw'];

  await expect(open(server.href, url)).resolves.toBe('public as vault_runtime');
});

test.each(versions)('says which right on the schema an owner lacks (PostgreSQL %s)', async (version) => {
  const { admin, url } = await aDatabase(version, 'm_plain', { role: 'createrole' });
  await queryAs(
    admin,
    'alter schema public owner to current_user; revoke create on schema public from public',
  );

  const message = await refusalOf(url);

  expect(message).toMatch(
    /^The login m_plain may not make tables in the schema public: .+ `grant create on .+`\.$/,
  );
  expect(await tablesOf(admin)).toBe(0);
});

test.each([
  ["encoding 'LATIN1' locale_provider libc locale 'C' template template0", 'LATIN1'],
  ["encoding 'WIN1252' locale_provider libc locale 'C' template template0", 'WIN1252'],
  ["encoding 'EUC_JP' locale_provider libc locale 'C' template template0", 'EUC_JP'],
])('refuses a database with the encoding of %j before anything is made', async (create, encoding) => {
  const { admin, url } = await aDatabase('brought along', 'm_encoded', { role: 'createrole', create });

  const message = await refusalOf(url);

  expect(message).toBe(
    `The database has the encoding ${encoding}: make it with \`encoding 'UTF8' template template0\`.`,
  );
  expect(await tablesOf(admin)).toBe(0);
});

test('refuses a database that is read-only before anything is made', async () => {
  const { admin, url } = await aDatabase('brought along', 'm_readonly', { role: 'createrole' });
  await queryAs(admin, 'alter database m_readonly set default_transaction_read_only = on');

  expect(await refusalOf(url)).toBe('The database is read-only: give the URL of one that takes changes.');
});

test.each<[string, string, string]>([
  ['the schema of the URL, which it makes', '?schema=vault', 'vault'],
  ['a schema with a name that has to be quoted', '?schema=My%20Vault', 'My Vault'],
  ['the schema public, as Prisma has it', '?schema=public', 'public'],
  ['the search path in the options of the URL', '?options=-c%20search_path%3Dapp', 'app'],
  [
    'the first of several on the search path that is there',
    '?options=-c%20search_path%3Dnone,app,public',
    'app',
  ],
])('keeps its tables in %s', async (_, query, schema) => {
  const { admin, url } = await aDatabase('brought along', 'm_schema', { role: 'createrole' });
  await queryAs(admin, 'create schema app authorization m_schema');

  const first = await open(url + query);
  const again = await open(url + query);

  expect([first, again]).toEqual(Array(2).fill(`${schema} as vault_runtime`));
  const { rows } = await queryAs(
    admin,
    "select distinct schemaname from pg_tables where schemaname !~ '^(pg_|info)'",
  );
  expect(rows).toEqual([{ schemaname: schema }]);
});

test('keeps its tables where the search path of the owner leads, whatever that of the server is', async () => {
  const { admin, url } = await aDatabase('brought along', 'm_path', { role: 'createrole' });
  await queryAs(
    admin,
    `create schema app authorization m_path; alter role m_path in database m_path set search_path = app, public;
     create role vault_runtime nologin; create role m_server login password 'pw';
     grant vault_runtime to m_path, m_server; alter role m_server set search_path = nowhere`,
  );
  const server = new URL(admin);
  [server.username, server.password] = ['m_server', 'pw'];

  await expect(open(server.href, url)).resolves.toBe('app as vault_runtime');
});

test('refuses a search path that leads nowhere before anything is made', async () => {
  const { admin, url } = await aDatabase('brought along', 'm_path', { role: 'createrole' });
  await queryAs(admin, 'alter role m_path set search_path = nowhere');

  expect(await refusalOf(url)).toMatch(/^The login's search path leads to no schema: .+\.$/);
  expect(await tablesOf(admin)).toBe(0);
});
