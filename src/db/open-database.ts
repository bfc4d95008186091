import { join } from 'node:path';
import { hasCode } from '../embedded-postgres/child.js';
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';
import { writePrivateFile } from '../shared/private-files.js';
import type { StopSteps } from '../shared/stop-steps.js';
import { Database, type DatabaseOptions } from './database.js';
import { readDatabaseUrl } from './database-url.js';
import { applyMigrations } from './migrations.js';
import { schemaOf } from './prepare-database.js';
import { assertRuntimeRole } from './runtime-role.js';
import { renewServerLogin } from './server-login.js';

/** Where the database is. */
export type DatabaseAddress =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'url';
      /** postgresql:// URL of the server's login. */
      readonly url: string;
      /** That of the login that owns the tables, for migrations; null: the server's login owns them. */
      readonly ownerUrl: string | null;
    };

/** What a database is opened with. */
export interface DatabaseOpening extends Omit<DatabaseOptions, 'url' | 'schema'> {
  readonly address: DatabaseAddress;
  readonly dataDir: string;
  /** The folder `prisma/migrations`. */
  readonly migrations: string;
}

/** An open database. */
export interface OpenedDatabase {
  readonly db: Database;
  /** Sentences that whoever starts the server has to know. */
  readonly notes: readonly string[];
  /** Stops the PostgreSQL that was started here, if one was. Safe to call again. */
  readonly stopPostgres: () => Promise<void>;
}

/** The two logins of a database; the owner's is used for migrations only. */
interface Logins {
  readonly ownerUrl: string;
  /** Asked for after the migrations, which make what the login is a member of. */
  readonly serverUrl: () => Promise<string>;
  /** Whether the server's login must have less than the owner's. */
  readonly areApart: boolean;
}

const POOL_CLOSES_MS = 2_000;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Starts PostgreSQL where it is the embedded one, applies the migrations as its owner, and connects as a login that has
 * nothing but `vault_runtime`. What has to be undone is added to `stops` as it is done.
 *
 * @throws MigrationError, UnfitDatabase, or an Error whose message is one sentence for a person.
 */
export async function openDatabase(opening: DatabaseOpening, stops: StopSteps): Promise<OpenedDatabase> {
  const { address, dataDir, migrations, ...sizes } = opening;
  const { stop, logins, notes } =
    address.kind === 'embedded' ? await startEmbedded(dataDir, stops) : takeGiven(address);
  await applyMigrations(logins.ownerUrl, migrations).catch((error) => {
    throw logins.areApart || !hasCode(error, INSUFFICIENT_PRIVILEGE)
      ? error
      : new Error(
          'The login of DATABASE_URL may not change tables: give that of their owner in VAULT_OWNER_URL.',
        );
  });
  const schema = await schemaOf(logins.ownerUrl);
  const db = new Database({ ...sizes, url: await logins.serverUrl(), schema });
  stops.add('connections', () => db.close(), POOL_CLOSES_MS);
  return { db, notes: [...notes, ...(await checkLogin(db, logins))], stopPostgres: stop };
}

async function startEmbedded(dataDir: string, stops: StopSteps) {
  const { ownerUrl, notes, stop } = await startEmbeddedPostgres({ dataDir });
  stops.add('PostgreSQL', stop);
  // For psql and Prisma Studio; the port changes from start to start.
  await writePrivateFile(join(dataDir, 'database-url'), `${ownerUrl}\n`);
  const logins: Logins = { ownerUrl, serverUrl: () => renewServerLogin(ownerUrl), areApart: true };
  return { logins, notes, stop };
}

function takeGiven({ url, ownerUrl }: Extract<DatabaseAddress, { kind: 'url' }>) {
  const logins: Logins = {
    ownerUrl: ownerUrl ?? url,
    serverUrl: async () => url,
    areApart: ownerUrl !== null,
  };
  return { logins, notes: notesOf(url, ownerUrl), stop: async () => undefined };
}

/** What in the URLs has no meaning here, Prisma's `connection_limit` for instance. */
function notesOf(url: string, ownerUrl: string | null): string[] {
  const named = { DATABASE_URL: url, ...(ownerUrl !== null && { VAULT_OWNER_URL: ownerUrl }) };
  return Object.entries(named).flatMap(([name, each]) => {
    const { unused } = readDatabaseUrl(each);
    return unused.length === 0 ? [] : [`Not used in ${name}: ${unused.join(', ')}.`];
  });
}

/** Notes about a login that has more than it needs, where it was not said that it should not. */
async function checkLogin(db: Database, { areApart }: Logins): Promise<string[]> {
  const fault = await assertRuntimeRole(db).catch((error) => {
    throw hasCode(error, INSUFFICIENT_PRIVILEGE)
      ? new Error("The server's login may not act as vault_runtime: grant vault_runtime to it.")
      : error;
  });
  if (fault !== null && areApart) throw new Error(fault);
  return fault === null
    ? []
    : [`${fault} Give the server a login of its own, and the owner's in VAULT_OWNER_URL: docs/operating.md.`];
}
