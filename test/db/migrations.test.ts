import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, assertMigrated, MigrationError } from '../../src/db/migrations.js';
import { emptyDatabaseUrl, queryAs, serverUrlOf } from '../support/database.js';

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A folder of migrations with these names and texts. */
async function aFolder(migrations: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-migrations-'));
  folders.push(folder);
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  return folder;
}

async function historyOf(url: string) {
  const { rows } = await queryAs<{
    migration_name: string;
    checksum: string;
    steps: number;
    finished: boolean;
  }>(
    url,
    `select migration_name, checksum, applied_steps_count as steps, finished_at is not null as finished
     from _prisma_migrations order by migration_name`,
  );
  return rows;
}

const two = { '1_first': 'create table first (id int);', '2_second': 'create table second (id int);' };

test('applies the migrations of this project to an empty database, once', async () => {
  const url = await emptyDatabaseUrl();
  const names = (await readdir('prisma/migrations')).filter((name) => !name.endsWith('.toml')).sort();

  const first = await applyMigrations(url, 'prisma/migrations');
  const history = await historyOf(url);
  const second = await applyMigrations(url, 'prisma/migrations');

  expect(names.length).toBeGreaterThan(0);
  expect(first).toEqual(names);
  expect(second).toEqual([]);
  expect(await historyOf(url)).toEqual(history);
});

test('writes the history that Prisma would', async () => {
  const url = await emptyDatabaseUrl();

  await applyMigrations(url, await aFolder({ '1_first': two['1_first'] }));

  expect(await historyOf(url)).toEqual([
    {
      migration_name: '1_first',
      // printf 'create table first (id int);' | sha256sum
      checksum: 'fd8a27eb4deefb6c11ab53914483ea89e27ae2cfc257720141c59bcba3d7457e',
      steps: 1,
      finished: true,
    },
  ]);
});

// https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs
test('keeps the history in a table with the columns of Prisma', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder({}));

  const { rows } = await queryAs(
    url,
    `select column_name as name, data_type as type, character_maximum_length as length, is_nullable as nullable,
       column_default as fallback
     from information_schema.columns where table_name = '_prisma_migrations' order by ordinal_position`,
  );

  const instant = 'timestamp with time zone';
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['id', 'character varying', 36, 'NO', null],
    ['checksum', 'character varying', 64, 'NO', null],
    ['finished_at', instant, null, 'YES', null],
    ['migration_name', 'character varying', 255, 'NO', null],
    ['logs', 'text', null, 'YES', null],
    ['rolled_back_at', instant, null, 'YES', null],
    ['started_at', instant, null, 'NO', 'now()'],
    ['applied_steps_count', 'integer', null, 'NO', '0'],
  ]);
});

test('applies only what a database does not have yet, in the order of the names', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder({ '1_first': two['1_first'] }));

  const applied = await applyMigrations(
    url,
    await aFolder({ ...two, '3_third': 'alter table second add column name text;' }),
  );

  expect(applied).toEqual(['2_second', '3_third']);
});

test('applies once when several servers start at once', async () => {
  const url = await emptyDatabaseUrl();
  const folder = await aFolder({ ...two, '3_third': 'select pg_sleep(0.2);' });

  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url, folder)));

  expect(applied.flat()).toEqual(['1_first', '2_second', '3_third']);
  expect(await historyOf(url)).toHaveLength(3);
});

test('refuses a migration that was changed after it had been applied', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder(two));

  const again = applyMigrations(url, await aFolder({ ...two, '1_first': 'create table first (id bigint);' }));

  await expect(again).rejects.toEqual(
    new MigrationError('The migration 1_first was changed after it had been applied.'),
  );
});

test('refuses a database with a migration that it lacks', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder(two));

  const again = applyMigrations(url, await aFolder({ '1_first': two['1_first'], '3_third': 'canary' }));

  await expect(again).rejects.toEqual(
    new MigrationError('The database has the migration 2_second, which this version of the server lacks.'),
  );
  expect(await historyOf(url)).toHaveLength(2);
});

const later = { '3_later': '-- additive: who made it\nalter table first add column made_by text;' };

test('lets a later migration pass that says that it only adds, and applies its own beside it', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder({ '1_first': two['1_first'], ...later }));

  const older = await applyMigrations(url, await aFolder(two));

  expect(older).toEqual(['2_second']);
  await expect(assertMigrated(url, await aFolder(two))).resolves.toBeUndefined();
});

test.each([
  ['not at its first line', '\n-- additive\nselect 1;'],
  ['as a breaking one', '-- breaking\nselect 1;'],
])('lets no later migration pass that says so %s', async (_, sql) => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder({ ...two, '3_later': sql }));

  await expect(applyMigrations(url, await aFolder(two))).rejects.toThrow('has the migration 3_later');
});

test('notes of an additive migration that Prisma applied what older servers have to know', async () => {
  const url = await emptyDatabaseUrl();
  const newer = await aFolder({ ...two, ...later });
  await applyMigrations(url, newer);
  await queryAs(url, 'update _prisma_migrations set logs = null');
  const before = applyMigrations(url, await aFolder(two));
  await expect(before).rejects.toThrow('has the migration 3_later');

  await applyMigrations(url, newer);

  expect(await applyMigrations(url, await aFolder(two))).toEqual([]);
});

test('every migration of this project since the first four says at its first line whether it only adds', async () => {
  const names = (await readdir('prisma/migrations')).filter((name) => /^\d/.test(name)).sort();
  const since = names.filter((name) => name > '20261126090000_search_terms');

  const texts = await Promise.all(
    since.map((name) => readFile(join('prisma/migrations', name, 'migration.sql'), 'utf8')),
  );

  expect(names.length - since.length).toBe(4);
  for (const text of texts) {
    expect(text).toMatch(/^-- (additive|breaking)\b/);
    // What takes something away, or asks something of rows that an older server writes, is not additive. A constraint
    // may be made anew.
    const added = new Set(text.match(/(?<=add constraint )\w+/gi));
    const rest = text.replace(/drop constraint (\w+)/gi, (drop, name) => (added.has(name) ? '' : drop));
    if (text.startsWith('-- additive'))
      expect(rest).not.toMatch(/\b(drop|rename|truncate|revoke|set not null|set data type|type .+ using)\b/i);
  }
});

test('looks at what a database lacks without changing anything', async () => {
  const url = await emptyDatabaseUrl();
  const folder = await aFolder(two);

  const early = assertMigrated(url, folder);
  await expect(early).rejects.toThrow('The database lacks the migration 1_first of this version');
  const { rows } = await queryAs(url, "select to_regclass('_prisma_migrations') as history");
  await applyMigrations(url, await aFolder({ '1_first': two['1_first'] }));
  const later = assertMigrated(url, folder);

  expect(rows).toEqual([{ history: null }]);
  await expect(later).rejects.toThrow('lacks the migration 2_second');
  expect(await historyOf(url)).toHaveLength(1);
});

test("looks with the server's login, which may not read the history, whether there are tables", async () => {
  const url = await emptyDatabaseUrl();

  const early = assertMigrated(serverUrlOf(url), 'prisma/migrations');
  await expect(early).rejects.toThrow(MigrationError);
  await applyMigrations(url, 'prisma/migrations');

  await expect(assertMigrated(serverUrlOf(url), 'prisma/migrations')).resolves.toBeUndefined();
});

test('tells the reason when the connection breaks in the middle of a migration, and does not end the process', async () => {
  const url = await emptyDatabaseUrl();
  const folder = await aFolder({ '1_first': 'select pg_terminate_backend(pg_backend_pid());' });

  const applied = applyMigrations(url, folder);

  await expect(applied).rejects.toThrow('terminating connection due to administrator command');
  expect(await historyOf(url)).toEqual([]);
});

test('refuses a database in which a migration failed', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, await aFolder({ '1_first': two['1_first'] }));
  await queryAs(url, 'insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)', [
    randomUUID(),
    '0'.repeat(64),
    '2_second',
  ]);

  const again = applyMigrations(url, await aFolder(two));

  await expect(again).rejects.toEqual(
    new MigrationError('The migration 2_second failed earlier; see `prisma migrate resolve`.'),
  );
});

test('applies a migration anew that was rolled back', async () => {
  const url = await emptyDatabaseUrl();
  const folder = await aFolder({ '1_first': two['1_first'] });
  await applyMigrations(url, folder);
  await queryAs(url, 'drop table first');
  await queryAs(url, 'update _prisma_migrations set rolled_back_at = now()');

  expect(await applyMigrations(url, folder)).toEqual(['1_first']);
});

test('leaves nothing of a migration that fails, and all of those before it', async () => {
  const url = await emptyDatabaseUrl();
  const broken = await aFolder({ ...two, '2_second': 'create table second (id int); select 1 / 0;' });

  const applied = applyMigrations(url, broken);

  await expect(applied).rejects.toThrow('division by zero');
  expect((await historyOf(url)).map(({ migration_name }) => migration_name)).toEqual(['1_first']);
  const { rows } = await queryAs(
    url,
    "select to_regclass('first') as first, to_regclass('second') as second",
  );
  expect(rows).toEqual([{ first: 'first', second: null }]);
  expect(await applyMigrations(url, await aFolder(two))).toEqual(['2_second']);
});

test('takes a folder that has been copied elsewhere for the same', async () => {
  const url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  const copy = await aFolder({});
  await cp('prisma/migrations', copy, { recursive: true });

  expect(await applyMigrations(url, copy)).toEqual([]);
});
