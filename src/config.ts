import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { RateLimitOptions } from './http/rate-limits.js';

/** The server's settings, each from one variable of the environment; docs and README list them. */
export interface Config {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Shows nothing of the inside: no schema, no explorer, no suggestions. */
  readonly production: boolean;
  readonly database: { readonly kind: 'embedded' } | { readonly kind: 'url'; readonly url: string };
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly keyFile: string;
  readonly tokenization: 'sandbox';
  /** Which hashes are kept to search by: words as well, or only whole e-mails, phones and references. */
  readonly search: 'words' | 'exact';
  /** Whose web pages may read answers. */
  readonly corsOrigins: readonly string[];
  /** Absolute; null: any document may be run. */
  readonly trustedDocuments: string | null;
  readonly limits: Limits;
  readonly logLevel: string;
  readonly rateLimits: RateLimitOptions;
}

/** The environment does not make a configuration; the message names every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const count = (most: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,6}$/, `must be a number, 1 to ${most}`)
    .transform(Number)
    .refine((value) => value <= most, `must be a number, 1 to ${most}`);

const variables = z.object({
  NODE_ENV: z.string().optional(),
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
  VAULT_DATABASE: z
    .literal('embedded', 'must be "embedded"; for another database give DATABASE_URL')
    .optional(),
  VAULT_DATA_DIR: z.string().min(1, 'must not be empty').default('.vault'),
  VAULT_KEY_FILE: z.string().min(1, 'must not be empty').optional(),
  VAULT_TOKENIZATION: z.literal('sandbox', 'must be "sandbox", the only provider there is').optional(),
  VAULT_RATE_LIMIT: count(1_000_000).default(1_000),
  VAULT_RATE_BURST: count(1_000_000).optional(),
  VAULT_WRONG_KEYS_PER_MINUTE: count(1_000_000).default(20),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// URL')
    .optional(),
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
  problems.push(...problemsTogether(environment));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  const read = parsed.data;
  const production = read.NODE_ENV === 'production';
  const dataDir = resolve(read.VAULT_DATA_DIR);
  return {
    host: read.HOST,
    port: read.PORT,
    production,
    database: read.DATABASE_URL ? { kind: 'url', url: read.DATABASE_URL } : { kind: 'embedded' },
    dataDir,
    keyFile: read.VAULT_KEY_FILE ? resolve(read.VAULT_KEY_FILE) : join(dataDir, 'keys.json'),
    tokenization: 'sandbox',
    search: read.VAULT_SEARCH,
    corsOrigins: read.VAULT_CORS_ORIGINS ?? (production ? [] : STUDIO_ORIGINS),
    trustedDocuments: read.VAULT_TRUSTED_DOCUMENTS ? resolve(read.VAULT_TRUSTED_DOCUMENTS) : null,
    limits: limitsOf(read),
    logLevel: read.LOG_LEVEL,
    dashboard: (read.VAULT_DASHBOARD ?? (production ? 'off' : 'on')) === 'on',
  };
}

/** What is wrong with variables beside one another. */
function problemsTogether(environment: NodeJS.ProcessEnv): string[] {
  const given = (name: string) => Boolean(environment[name]);
  const isExternal = given('DATABASE_URL');
  const isProduction = environment['NODE_ENV'] === 'production';
  const problems = [];
  if (isExternal && !given('VAULT_KEY_FILE')) {
    problems.push(
      'VAULT_KEY_FILE must be given together with DATABASE_URL (make one with `npm run key-file -- PATH`).',
    );
  }
  if (isExternal && given('VAULT_DATABASE')) problems.push('VAULT_DATABASE contradicts DATABASE_URL.');
  if (isProduction && !isExternal && !given('VAULT_DATABASE')) {
    problems.push(
      'DATABASE_URL must be given in production; the embedded one only with VAULT_DATABASE=embedded.',
    );
  }
  const { VAULT_RATE_LIMIT: rate = 0, VAULT_RATE_BURST: burst = rate } = parsed.data ?? {};
  if (burst < rate) problems.push('VAULT_RATE_BURST must be at least VAULT_RATE_LIMIT.');
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  const { HOST, PORT, DATABASE_URL, VAULT_DATA_DIR, VAULT_KEY_FILE, LOG_LEVEL } = parsed.data;
  const { VAULT_RATE_LIMIT, VAULT_RATE_BURST, VAULT_WRONG_KEYS_PER_MINUTE, REDIS_URL } = parsed.data;
  const dataDir = resolve(VAULT_DATA_DIR);
  return {
    host: HOST,
    port: PORT,
    database: DATABASE_URL ? { kind: 'url', url: DATABASE_URL } : { kind: 'embedded' },
    dataDir,
    keyFile: VAULT_KEY_FILE ? resolve(VAULT_KEY_FILE) : join(dataDir, 'keys.json'),
    tokenization: 'sandbox',
    logLevel: LOG_LEVEL,
    rateLimits: {
      perSecond: VAULT_RATE_LIMIT,
      burst: VAULT_RATE_BURST ?? 2 * VAULT_RATE_LIMIT,
      wrongKeysPerMinute: VAULT_WRONG_KEYS_PER_MINUTE,
      redisUrl: REDIS_URL ?? null,
    },
  };
}

/** Where the operator's command line finds the database and its keys. */
export interface OperatorConfig {
  /** Null: that of the embedded server which runs on the data directory. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly keyFile: string;
}

/**
 * Reads the part of the configuration that the operator's command line needs.
 *
 * @throws ConfigError naming every variable that is wrong.
 */
export function operatorConfigOfProcess(): OperatorConfig {
  const needed = { DATABASE_URL: true, VAULT_DATA_DIR: true, VAULT_KEY_FILE: true } as const;
  const parsed = variables.pick(needed).safeParse(process.env);
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}.`) ?? [];
  const { DATABASE_URL, VAULT_DATA_DIR = '.vault', VAULT_KEY_FILE } = parsed.data ?? {};
  if (DATABASE_URL && !VAULT_KEY_FILE)
    problems.push('VAULT_KEY_FILE must be given together with DATABASE_URL.');
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const dataDir = resolve(VAULT_DATA_DIR);
  const keyFile = VAULT_KEY_FILE ? resolve(VAULT_KEY_FILE) : join(dataDir, 'keys.json');
  return { databaseUrl: DATABASE_URL ?? null, dataDir, keyFile };
}

/** The configuration of this process. */
export function configOfProcess(): Config {
  return readConfig(process.env);
}
