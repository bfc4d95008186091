import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { readDatabaseUrl } from './database-url.js';
import { prepareDatabase, restoreRights } from './prepare-database.js';
import { connectionTo } from './session-settings.js';
import { withConnection } from './single-connection.js';

/** A migration of `prisma/migrations`: its folder's name, its SQL, and the SHA-256 that Prisma keeps of it. */
interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** Whether a server that has never heard of it can go on with what it leaves. */
  readonly isAdditive: boolean;
}

interface AppliedMigration {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  readonly logs: string | null;
}

// The lock and the table are Prisma's, so that `prisma migrate deploy` and `status` accept the same history.
// https://www.prisma.io/docs/orm/prisma-migrate/workflows/development-and-production#advisory-locking
const ADVISORY_LOCK = 72707369;
const LOCK_WAIT = '30s';
const HISTORY_TABLE = `
create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

/**
 * The first line of a migration that older servers can go on with. It is kept in the history, in a column that Prisma
 * uses for failures only: an older server does not have the file.
 */
const ADDITIVE = '-- additive';

/** A migration that was mended keeps the checksum under which databases and older servers know it. */
const KEPT_CHECKSUM = /^-- checksum: ([0-9a-f]{64})$/m;

const READ_ONLY = '-c default_transaction_read_only=on';

/** The database's history and the folder do not fit together; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Applies the migrations that a database does not have yet, each in a transaction with its line of the history,
 * one server at a time. Resolves to the names of those it applied.
 *
 * @param ownerUrl postgresql:// URL of the database's owner; the runtime role may not change tables.
 * @param folder `prisma/migrations`.
 * @throws UnfitDatabase before anything is migrated; MigrationError when the history has a failed or changed migration, or one that the folder lacks and that
 *   is not additive.
 */
export async function applyMigrations(ownerUrl: string, folder: string): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  // The end of the session ends the lock with it.
  return withConnection(connectionTo(ownerUrl), async (client) => {
    await client.query(`set lock_timeout = '${LOCK_WAIT}'`);
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await prepareDatabase(client, readDatabaseUrl(ownerUrl).schema);
    await client.query(HISTORY_TABLE);
    const history = await readHistory(client);
    const pending = pendingOf(migrations, history);
    await markAdditive(client, migrations, history);
    for (const migration of pending) await apply(client, migration);
    await restoreRights(
      client,
      migrations.map(({ sql }) => sql),
    );
    return pending.map(({ name }) => name);
  });
}

/**
 * Makes sure, without changing anything, that a database has every migration of this version. A login that may not
 * read the history, as a server's own, learns only whether there are tables at all.
 *
 * @throws MigrationError when it lacks some, or as `applyMigrations`.
 */
export async function assertMigrated(url: string, folder: string): Promise<void> {
  const migrations = await readMigrations(folder);
  const pending = await withConnection(connectionTo(url, [READ_ONLY]), async (client) => {
    const { rows } = await client.query<{ tables: boolean; readable: boolean | null }>(
      `select exists (select from pg_class where relname = 'merchants' and relnamespace = n.oid) as tables,
         (select bool_or(has_table_privilege(oid, 'select')) from pg_class
          where relname = '_prisma_migrations' and relnamespace = n.oid) as readable
       from (select to_regnamespace(quote_ident(current_schema()))::oid as oid) n`,
    );
    const { tables, readable } = rows[0] ?? {};
    if (readable) return pendingOf(migrations, await readHistory(client));
    return readable === null || !tables ? migrations : [];
  });
  const [first] = pending;
  if (first) {
    throw new MigrationError(
      `The database lacks the migration ${first.name} of this version: start the server on it once, which applies it.`,
    );
  }
}

/** Whether a database has a merchant already; asked with the owner's URL, before there are tables. */
export async function isInUse(ownerUrl: string): Promise<boolean> {
  return withConnection(connectionTo(ownerUrl, [READ_ONLY]), async (client) => {
    const ask = async (question: string) =>
      (await client.query<{ yes: boolean }>(`select ${question} as yes`)).rows[0]?.yes === true;
    return (await ask("to_regclass('merchants') is not null")) && ask('exists (select from merchants)');
  });
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      const [, kept] = KEPT_CHECKSUM.exec(sql) ?? [];
      const checksum = kept ?? createHash('sha256').update(sql).digest('hex');
      return { name, sql, checksum, isAdditive: sql.startsWith(ADDITIVE) };
    }),
  );
}

async function readHistory(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select migration_name, checksum, finished_at, logs from _prisma_migrations where rolled_back_at is null',
  );
  return rows;
}

function pendingOf(migrations: readonly Migration[], history: readonly AppliedMigration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const applied of history) {
    const name = applied.migration_name;
    if (!applied.finished_at) {
      throw new MigrationError(`The migration ${name} failed earlier; see \`prisma migrate resolve\`.`);
    }
    const migration = known.get(name);
    if (!migration && applied.logs !== ADDITIVE) {
      throw new MigrationError(
        `The database has the migration ${name}, which this version of the server lacks.`,
      );
    }
    if (migration && applied.checksum !== migration.checksum) {
      throw new MigrationError(`The migration ${name} was changed after it had been applied.`);
    }
  }
  const done = new Set(history.map((applied) => applied.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

/** Notes of migrations that Prisma applied what older servers have to know of them. */
async function markAdditive(
  client: pg.Client,
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
): Promise<void> {
  const additive = new Set(migrations.filter(({ isAdditive }) => isAdditive).map(({ name }) => name));
  const unmarked = history.filter(({ migration_name, logs }) => !logs && additive.has(migration_name));
  if (unmarked.length === 0) return;
  await client.query(
    'update _prisma_migrations set logs = $1 where migration_name = any($2) and rolled_back_at is null',
    [ADDITIVE, unmarked.map(({ migration_name }) => migration_name)],
  );
}

async function apply(client: pg.Client, { name, sql, checksum, isAdditive }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count, logs)
       values ($1, $2, now(), $3, 1, $4)`,
      [randomUUID(), checksum, name, isAdditive ? ADDITIVE : null],
    );
    await client.query('commit');
  } catch (error) {
    // Over a connection that broke it fails as well, and would hide the reason.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
