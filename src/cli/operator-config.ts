import { join, resolve } from 'node:path';
import { ConfigError, variables } from '../config/config.js';
import { given } from '../config/values.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/** Where the operator's command line finds the database and its keys. */
export interface OperatorConfig {
  /** Null: that of the embedded server which runs on the data directory. */
  readonly databaseUrl: string | null;
  /** The owner's, for migrations and their history; null: `databaseUrl` is. */
  readonly ownerUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly keyFile: string;
  readonly search: MerchantScope['search'];
}

const needed = variables.pick({
  DATABASE_URL: true,
  VAULT_OWNER_URL: true,
  VAULT_DATA_DIR: true,
  VAULT_KEY_FILE: true,
  VAULT_SEARCH: true,
});

/**
 * Reads the part of the configuration that the operator's command line needs.
 *
 * @throws ConfigError naming every variable that is wrong.
 */
export function readOperatorConfig(environment: NodeJS.ProcessEnv): OperatorConfig {
  const parsed = needed.safeParse(given(environment));
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}.`) ?? [];
  const { DATABASE_URL, VAULT_OWNER_URL, VAULT_DATA_DIR = '.vault', VAULT_KEY_FILE } = parsed.data ?? {};
  if (DATABASE_URL && !VAULT_KEY_FILE)
    problems.push('VAULT_KEY_FILE must be given together with DATABASE_URL.');
  if (VAULT_OWNER_URL && !DATABASE_URL) problems.push('VAULT_OWNER_URL needs DATABASE_URL beside it.');
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const dataDir = resolve(VAULT_DATA_DIR);
  const keyFile = VAULT_KEY_FILE ? resolve(VAULT_KEY_FILE) : join(dataDir, 'keys.json');
  const search = parsed.data?.VAULT_SEARCH ?? 'words';
  return { databaseUrl: DATABASE_URL ?? null, ownerUrl: VAULT_OWNER_URL ?? null, dataDir, keyFile, search };
}
