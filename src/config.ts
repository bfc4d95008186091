import { join, resolve } from 'node:path';
import { z } from 'zod';

/** The server's settings, each from one variable of the environment; docs and README list them. */
export interface Config {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly database: { readonly kind: 'embedded' } | { readonly kind: 'url'; readonly url: string };
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly keyFile: string;
  readonly tokenization: 'sandbox';
  readonly logLevel: string;
  /** Whether the dashboard is served. */
  readonly dashboard: boolean;
}

/** The environment does not make a configuration; the message names every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const variables = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, 'must be a port, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port, 0 to 65535')
    .default(4_000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// URL')
    .optional(),
  VAULT_DATA_DIR: z.string().min(1, 'must not be empty').default('.vault'),
  VAULT_KEY_FILE: z.string().min(1, 'must not be empty').optional(),
  VAULT_TOKENIZATION: z.literal('sandbox', 'must be "sandbox", the only provider there is').optional(),
  VAULT_DASHBOARD: z.enum(['on', 'off'], 'must be "on" or "off"').optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

/**
 * Reads the configuration from the environment, once.
 *
 * @throws ConfigError naming every variable that is wrong. No value is repeated: it may be a secret.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = variables.safeParse(environment);
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}.`) ?? [];
  const isExternal = Boolean(environment['DATABASE_URL']);
  if (isExternal && !environment['VAULT_KEY_FILE']) {
    problems.push(
      'VAULT_KEY_FILE must be given together with DATABASE_URL (make one with `npm run key-file -- PATH`).',
    );
  }
  if (isExternal && !environment['VAULT_TOKENIZATION']) {
    problems.push('VAULT_TOKENIZATION must be given together with DATABASE_URL.');
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  const { HOST, PORT, DATABASE_URL, VAULT_DATA_DIR, VAULT_KEY_FILE, VAULT_DASHBOARD, LOG_LEVEL } =
    parsed.data;
  const dataDir = resolve(VAULT_DATA_DIR);
  return {
    host: HOST,
    port: PORT,
    database: DATABASE_URL ? { kind: 'url', url: DATABASE_URL } : { kind: 'embedded' },
    dataDir,
    keyFile: VAULT_KEY_FILE ? resolve(VAULT_KEY_FILE) : join(dataDir, 'keys.json'),
    tokenization: 'sandbox',
    logLevel: LOG_LEVEL,
    dashboard: (VAULT_DASHBOARD ?? (environment['NODE_ENV'] === 'production' ? 'off' : 'on')) === 'on',
  };
}

/** The configuration of this process. */
export function configOfProcess(): Config {
  return readConfig(process.env);
}
