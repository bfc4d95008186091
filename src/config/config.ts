import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { DatabaseAddress } from '../db/open-database.js';
import { DEFAULT_LIMITS, type Limits, type RateLimitOptions } from './limits.js';
import { given, isNetwork, isOrigin, listOf, postgresUrl, schemaIn, whole } from './values.js';

/** The server's settings, each from one variable of the environment; docs and README list them. */
export interface Config {
  readonly host: string;
  /** 0: a free one; a text: the path of a socket. */
  readonly port: number | string;
  /** Shows nothing of the inside: no schema, no explorer, no suggestions. */
  readonly production: boolean;
  readonly database: DatabaseAddress;
  /** Connections for counts and searches; one merchant has half of them at most. */
  readonly scanConnections: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly keyFile: string;
  readonly tokenization: 'sandbox';
  /** Which hashes are kept to search by: words as well, or only whole e-mails, phones and references. */
  readonly search: 'words' | 'exact';
  /** Whose web pages may read answers. */
  readonly corsOrigins: readonly string[];
  /** Proxies that say truly, in `X-Forwarded-For`, from where a request comes. */
  readonly trustedProxies: readonly string[];
  /** Absolute; null: any document may be run. */
  readonly trustedDocuments: string | null;
  readonly limits: Limits;
  readonly logLevel: string;
  readonly rateLimits: RateLimitOptions;
  /** Whether the dashboard is served. */
  readonly dashboard: boolean;
}

/** The environment does not make a configuration; the message names every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Apollo Studio's own pages, so that the hosted Sandbox can reach a server on the developer's machine. */
const STUDIO_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

const DEFAULT_RATE = 1_000;
const DEFAULT_ANONYMOUS_RATE = 20;

const PORT_FORM = 'must be a port, 0 to 65535, or the path of a socket';

/** Every variable of the environment that the vault knows. */
export const variables = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^([0-9]{1,5}$|\.{0,2}\/)/, PORT_FORM)
    .transform((port) => (/^[0-9]+$/.test(port) ? Number(port) : resolve(port)))
    .refine((port) => typeof port === 'string' || port <= 65_535, PORT_FORM)
    .default(4_000),
  DATABASE_URL: postgresUrl().optional(),
  VAULT_OWNER_URL: postgresUrl().optional(),
  VAULT_DATABASE: z
    .literal('embedded', 'must be "embedded"; for another database give DATABASE_URL')
    .optional(),
  VAULT_SCAN_CONNECTIONS: whole(1, 50, 3),
  VAULT_DATA_DIR: z.string().min(1, 'must not be empty').default('.vault'),
  VAULT_KEY_FILE: z.string().min(1, 'must not be empty').optional(),
  VAULT_TOKENIZATION: z.literal('sandbox', 'must be "sandbox", the only provider there is').optional(),
  VAULT_RATE_LIMIT: whole(1, 1_000_000, DEFAULT_RATE),
  // 0: twice the rate.
  VAULT_RATE_BURST: whole(1, 2_000_000, 0),
  VAULT_WRONG_KEYS_PER_MINUTE: whole(1, 1_000_000, 20),
  VAULT_ANONYMOUS_RATE: whole(1, 1_000_000, DEFAULT_ANONYMOUS_RATE),
  // 0: three times the rate.
  VAULT_ANONYMOUS_BURST: whole(1, 3_000_000, 0),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// URL')
    .optional(),
  VAULT_DASHBOARD: z.enum(['on', 'off'], 'must be "on" or "off"').optional(),
  VAULT_SEARCH: z.enum(['words', 'exact'], 'must be "words" or "exact"').default('words'),
  VAULT_CORS_ORIGINS: listOf(isOrigin, 'origins such as https://shop.example').optional(),
  VAULT_TRUST_PROXY: listOf(isNetwork, 'addresses or networks such as 10.0.0.0/8, or loopback').optional(),
  VAULT_TRUSTED_DOCUMENTS: z.string().min(1, 'must not be empty').optional(),
  VAULT_MAX_BODY_BYTES: whole(1_024, 16_777_216, DEFAULT_LIMITS.bodyBytes),
  VAULT_MAX_HEADER_BYTES: whole(1_024, 65_536, DEFAULT_LIMITS.headerBytes),
  VAULT_HEADERS_TIMEOUT_MS: whole(100, 600_000, DEFAULT_LIMITS.headersMs),
  VAULT_REQUEST_TIMEOUT_MS: whole(100, 600_000, DEFAULT_LIMITS.requestMs),
  VAULT_MAX_TOKENS: whole(1, 100_000, DEFAULT_LIMITS.tokens),
  VAULT_MAX_DEPTH: whole(1, 100, DEFAULT_LIMITS.depth),
  VAULT_MAX_ALIASES: whole(0, 1_000, DEFAULT_LIMITS.aliases),
  VAULT_MAX_DIRECTIVES: whole(0, 1_000, DEFAULT_LIMITS.directives),
  VAULT_MAX_ROOT_FIELDS: whole(1, 1_000, DEFAULT_LIMITS.rootFields),
  VAULT_MAX_COST: whole(1, 1_000_000, DEFAULT_LIMITS.cost),
  VAULT_MAX_ANSWER_BYTES: whole(1_024, 67_108_864, DEFAULT_LIMITS.answerBytes),
  VAULT_MERCHANT_CONCURRENCY: whole(1, 500, DEFAULT_LIMITS.atOnce),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

/**
 * Reads the configuration from the environment, once.
 *
 * @throws ConfigError naming every variable that is wrong. No value is repeated: it may be a secret.
 */
export function readConfig(variablesGiven: NodeJS.ProcessEnv): Config {
  const environment = given(variablesGiven);
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
    database: read.DATABASE_URL
      ? { kind: 'url', url: read.DATABASE_URL, ownerUrl: read.VAULT_OWNER_URL ?? null }
      : { kind: 'embedded' },
    scanConnections: read.VAULT_SCAN_CONNECTIONS,
    dataDir,
    keyFile: read.VAULT_KEY_FILE ? resolve(read.VAULT_KEY_FILE) : join(dataDir, 'keys.json'),
    tokenization: 'sandbox',
    search: read.VAULT_SEARCH,
    corsOrigins: read.VAULT_CORS_ORIGINS ?? (production ? [] : STUDIO_ORIGINS),
    trustedProxies: read.VAULT_TRUST_PROXY ?? [],
    trustedDocuments: read.VAULT_TRUSTED_DOCUMENTS ? resolve(read.VAULT_TRUSTED_DOCUMENTS) : null,
    limits: limitsOf(read),
    rateLimits: {
      perSecond: read.VAULT_RATE_LIMIT,
      burst: read.VAULT_RATE_BURST || 2 * read.VAULT_RATE_LIMIT,
      wrongKeysPerMinute: read.VAULT_WRONG_KEYS_PER_MINUTE,
      anonymousPerSecond: read.VAULT_ANONYMOUS_RATE,
      anonymousBurst: read.VAULT_ANONYMOUS_BURST || 3 * read.VAULT_ANONYMOUS_RATE,
      redisUrl: read.REDIS_URL ?? null,
    },
    logLevel: read.LOG_LEVEL,
    dashboard: (read.VAULT_DASHBOARD ?? (production ? 'off' : 'on')) === 'on',
  };
}

/** What is wrong with variables beside one another. */
function problemsTogether(environment: NodeJS.ProcessEnv): string[] {
  const isGiven = (name: string) => Boolean(environment[name]);
  const isExternal = isGiven('DATABASE_URL');
  const isProduction = environment['NODE_ENV'] === 'production';
  const problems = [];
  if (isExternal && !isGiven('VAULT_KEY_FILE')) {
    problems.push(
      'VAULT_KEY_FILE must be given together with DATABASE_URL (make one with `npm run key-file -- PATH`).',
    );
  }
  if (isExternal && isGiven('VAULT_DATABASE')) problems.push('VAULT_DATABASE contradicts DATABASE_URL.');
  if (isGiven('VAULT_OWNER_URL') && !isExternal)
    problems.push('VAULT_OWNER_URL needs DATABASE_URL beside it.');
  if (isExternal && contradictInSchema(environment)) {
    problems.push('VAULT_OWNER_URL must name the same schema as DATABASE_URL.');
  }
  if (isProduction && !isExternal && !isGiven('VAULT_DATABASE')) {
    problems.push(
      'DATABASE_URL must be given in production; the embedded one only with VAULT_DATABASE=embedded.',
    );
  }
  if ((isExternal || isProduction) && !isGiven('VAULT_TOKENIZATION')) {
    const when = isExternal ? 'together with DATABASE_URL' : 'in production';
    problems.push(`VAULT_TOKENIZATION must be given ${when}.`);
  }
  const rates = [
    ['VAULT_RATE_LIMIT', 'VAULT_RATE_BURST', DEFAULT_RATE],
    ['VAULT_ANONYMOUS_RATE', 'VAULT_ANONYMOUS_BURST', DEFAULT_ANONYMOUS_RATE],
  ] as const;
  for (const [name, burst, fallback] of rates) {
    const rate = Number(environment[name] ?? fallback);
    if (Number(environment[burst] ?? rate) < rate) problems.push(`${burst} must be at least ${name}.`);
  }
  return problems;
}

/** Whether two logins would look for the tables in two places. */
function contradictInSchema({ DATABASE_URL, VAULT_OWNER_URL }: NodeJS.ProcessEnv): boolean {
  const [server, owner] = [DATABASE_URL, VAULT_OWNER_URL].map((url) => schemaIn(url ?? ''));
  return VAULT_OWNER_URL !== undefined && server !== null && server !== owner;
}

function limitsOf(read: z.infer<typeof variables>): Limits {
  return {
    bodyBytes: read.VAULT_MAX_BODY_BYTES,
    headerBytes: read.VAULT_MAX_HEADER_BYTES,
    headersMs: read.VAULT_HEADERS_TIMEOUT_MS,
    requestMs: read.VAULT_REQUEST_TIMEOUT_MS,
    tokens: read.VAULT_MAX_TOKENS,
    depth: read.VAULT_MAX_DEPTH,
    aliases: read.VAULT_MAX_ALIASES,
    directives: read.VAULT_MAX_DIRECTIVES,
    rootFields: read.VAULT_MAX_ROOT_FIELDS,
    cost: read.VAULT_MAX_COST,
    answerBytes: read.VAULT_MAX_ANSWER_BYTES,
    atOnce: read.VAULT_MERCHANT_CONCURRENCY,
  };
}

/** The configuration of this process. */
export function configOfProcess(): Config {
  return readConfig(process.env);
}

/** The environment of this process, for the readers of parts of it. */
export function environmentOfProcess(): NodeJS.ProcessEnv {
  return process.env;
}
