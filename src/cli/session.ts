import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOfProcess } from '../config/config.js';
import { Database } from '../db/database.js';
import { DatabaseError, toDatabaseError } from '../db/errors.js';
import { applyMigrations, assertMigrated, isInUse } from '../db/migrations.js';
import { schemaOf } from '../db/prepare-database.js';
import { assertKeyEncryptionKeys, checkKeyEncryptionKeys } from '../encryption/check-keys.js';
import { merchantKeyStore } from '../encryption/merchant-key-store.js';
import type { KeyEncryptionKeys } from '../sealing/key-encryption-keys.js';
import { readKeyFile } from '../sealing/key-file.js';
import { Keyring } from '../sealing/keyring.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { sentenceOf } from '../shared/error-sentence.js';
import { IdGenerator } from '../shared/id.js';
import { readPrivateFile } from '../shared/private-files.js';
import { type OperatorConfig, readOperatorConfig } from './operator-config.js';

/** What a command works with. */
export interface Session {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly keys: KeyEncryptionKeys;
  readonly keyFile: string;
  readonly ids: IdGenerator;
  readonly now: () => Date;
  /** What the servers keep to search by. */
  readonly search: MerchantScope['search'];
}

/** The command cannot be carried out; the message is one sentence for a person. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The command line is wrong, in a way that commander does not see; the message says what to give. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}

/** What a command does to the database; only `init`, the first of all, makes its tables. */
export type Purpose = 'read' | 'write' | 'init';

/** The folder of the migrations. */
export const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** A database, and how to name it to a person. */
export interface Place {
  readonly url: string;
  readonly ownerUrl: string;
  readonly away: string;
}

/**
 * Opens the database that `DATABASE_URL` names or that an embedded server runs, for the time of a command.
 *
 * @throws ConfigError, KeyFileError, WrongKeys, MigrationError, CommandError
 */
export async function withSession<Value>(
  purpose: Purpose,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const config = readOperatorConfig(environmentOfProcess());
  const place = await findPlace(config);
  await prepareTables(place, purpose);
  const now = () => new Date();
  const db = new Database({ url: place.url, schema: await schemaOf(place.ownerUrl), poolSize: 2, lanes: 1 });
  try {
    const keys = await readKeyFile(config.keyFile);
    if (purpose === 'read') await assertKeyEncryptionKeys(db, keys);
    else await checkKeyEncryptionKeys(db, keys, now());
    return await work({
      keys,
      keyFile: config.keyFile,
      db,
      keyring: new Keyring(keys, merchantKeyStore(db)),
      ids: new IdGenerator(now),
      now,
      search: config.search,
    });
  } finally {
    await db.close();
  }
}

/** Where the database is that a command works on. */
export async function findPlace({ databaseUrl, ownerUrl, dataDir }: OperatorConfig): Promise<Place> {
  if (databaseUrl !== null) {
    const away = `The database that ${ownerUrl === null ? 'DATABASE_URL' : 'VAULT_OWNER_URL'} names does not answer.`;
    return { url: databaseUrl, ownerUrl: ownerUrl ?? databaseUrl, away };
  }
  const url = await readPrivateFile(join(dataDir, 'database-url'));
  if (url === null) {
    throw new CommandError(
      `There is no vault in ${dataDir}. Start one with \`npm start\`, or give DATABASE_URL or VAULT_DATA_DIR.`,
    );
  }
  const away = `The vault in ${dataDir} is not running. Start it with \`npm start\`.`;
  return { url, ownerUrl: url, away };
}

async function prepareTables({ ownerUrl, away }: Place, purpose: Purpose): Promise<void> {
  try {
    // Where there is a merchant, `init` does no more than say so.
    const isFirst = purpose === 'init' && !(await isInUse(ownerUrl));
    if (isFirst) await applyMigrations(ownerUrl, migrations);
    else await assertMigrated(ownerUrl, migrations);
  } catch (error) {
    const known = toDatabaseError(error);
    const isAway = known instanceof DatabaseError && known.failure === 'unavailable';
    throw isAway ? new CommandError(`${away}\n${sentenceOf(known.cause)}`) : error;
  }
}
