import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkKeyEncryptionKeys } from '../access/check-keys.js';
import { merchantKeyStore } from '../access/merchant-key-store.js';
import { environmentOfProcess } from '../config.js';
import { Database } from '../db/database.js';
import { applyMigrations } from '../db/migrations.js';
import { readPrivateFile } from '../private-files.js';
import type { KeyEncryptionKeys } from '../sealing/key-encryption-keys.js';
import { readKeyFile } from '../sealing/key-file.js';
import { Keyring } from '../sealing/keyring.js';
import { IdGenerator } from '../shared/id.js';
import { readOperatorConfig } from './operator-config.js';

/** What a command works with. */
export interface Session {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly keys: KeyEncryptionKeys;
  readonly keyFile: string;
  readonly ids: IdGenerator;
  readonly now: () => Date;
}

/** The command cannot be carried out; the message is one sentence for a person. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/**
 * Opens the database that `DATABASE_URL` names or that an embedded server runs, for the time of a command.
 *
 * @throws ConfigError, KeyFileError, WrongKeys, MigrationError, CommandError
 */
export async function withSession<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
  const { databaseUrl, dataDir, keyFile } = readOperatorConfig(environmentOfProcess());
  const url = databaseUrl ?? (await readPrivateFile(join(dataDir, 'database-url')));
  if (url === null) {
    throw new CommandError(
      `There is no vault in ${dataDir}. Start one with \`npm start\`, or give DATABASE_URL or VAULT_DATA_DIR.`,
    );
  }
  await migrate(url, databaseUrl === null ? dataDir : null);
  const now = () => new Date();
  const db = new Database({ url, poolSize: 2, lanes: 1 });
  try {
    const keys = await readKeyFile(keyFile);
    await checkKeyEncryptionKeys(db, keys, now());
    return await work({
      keys,
      keyFile,
      db,
      keyring: new Keyring(keys, merchantKeyStore(db)),
      ids: new IdGenerator(now),
      now,
    });
  } finally {
    await db.close();
  }
}

/** A database that no server has used yet gets its tables here; an embedded one may not be running. */
async function migrate(url: string, embeddedIn: string | null): Promise<void> {
  try {
    await applyMigrations(url, migrations);
  } catch (error) {
    const isAway = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
    if (!isAway) throw error;
    throw new CommandError(
      embeddedIn === null
        ? 'The database that DATABASE_URL names does not answer.'
        : `The vault in ${embeddedIn} is not running. Start it with \`npm start\`.`,
    );
  }
}
