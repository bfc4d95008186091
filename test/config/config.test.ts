import { resolve } from 'node:path';
import { ConfigError, readConfig, variables } from '../../src/config/config.js';

const url = 'postgresql://vault:secret@db.example:5432/vault';
const ownerUrl = 'postgresql://owner:secret@db.example:5432/vault';

/** What is wrong with an environment, a line a variable. */
function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('The environment was accepted.');
}

test('needs nothing in the environment', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    database: { kind: 'embedded' },
    scanConnections: 3,
    dataDir: resolve('.vault'),
    keyFile: resolve('.vault/keys.json'),
    tokenization: 'sandbox',
    logLevel: 'info',
    dashboard: true,
    production: false,
    search: 'words',
    corsOrigins: ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'],
    trustedProxies: [],
    trustedDocuments: null,
    limits: {
      bodyBytes: 262_144,
      headerBytes: 8_192,
      headersMs: 10_000,
      requestMs: 15_000,
      tokens: 1_000,
      depth: 12,
      aliases: 15,
      directives: 20,
      rootFields: 10,
      cost: 5_000,
      answerBytes: 4_194_304,
      atOnce: 64,
    },
    rateLimits: {
      perSecond: 1_000,
      burst: 2_000,
      wrongKeysPerMinute: 20,
      anonymousPerSecond: 20,
      anonymousBurst: 60,
      redisUrl: null,
    },
  });
});

test('reads every variable', () => {
  const environment = {
    HOST: '0.0.0.0',
    PORT: '0',
    DATABASE_URL: url,
    VAULT_OWNER_URL: ownerUrl,
    VAULT_SCAN_CONNECTIONS: '8',
    VAULT_DATA_DIR: 'data',
    VAULT_KEY_FILE: '/keys/keys.json',
    VAULT_TOKENIZATION: 'sandbox',
    LOG_LEVEL: 'silent',
    VAULT_RATE_LIMIT: '50',
    VAULT_RATE_BURST: '75',
    VAULT_WRONG_KEYS_PER_MINUTE: '3',
    REDIS_URL: 'redis://127.0.0.1:6379/1',
    VAULT_DASHBOARD: 'off',
    NODE_ENV: 'production',
    VAULT_SEARCH: 'exact',
    VAULT_CORS_ORIGINS: 'https://shop.example, http://127.0.0.1:8080',
    VAULT_TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1',
    VAULT_TRUSTED_DOCUMENTS: '/documents.json',
    VAULT_MAX_BODY_BYTES: '1024',
    VAULT_MAX_HEADER_BYTES: '2048',
    VAULT_HEADERS_TIMEOUT_MS: '100',
    VAULT_REQUEST_TIMEOUT_MS: '200',
    VAULT_MAX_TOKENS: '1',
    VAULT_MAX_DEPTH: '2',
    VAULT_MAX_ALIASES: '0',
    VAULT_MAX_DIRECTIVES: '3',
    VAULT_MAX_ROOT_FIELDS: '4',
    VAULT_MAX_COST: '5',
    VAULT_MAX_ANSWER_BYTES: '1024',
    VAULT_MERCHANT_CONCURRENCY: '6',
    VAULT_ANONYMOUS_RATE: '5',
    VAULT_ANONYMOUS_BURST: '7',
  };

  expect(readConfig(environment)).toEqual({
    host: '0.0.0.0',
    port: 0,
    database: { kind: 'url', url, ownerUrl },
    scanConnections: 8,
    dataDir: resolve('data'),
    keyFile: '/keys/keys.json',
    tokenization: 'sandbox',
    logLevel: 'silent',
    dashboard: false,
    production: true,
    search: 'exact',
    corsOrigins: ['https://shop.example', 'http://127.0.0.1:8080'],
    trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::1'],
    trustedDocuments: '/documents.json',
    limits: {
      bodyBytes: 1_024,
      headerBytes: 2_048,
      headersMs: 100,
      requestMs: 200,
      tokens: 1,
      depth: 2,
      aliases: 0,
      directives: 3,
      rootFields: 4,
      cost: 5,
      answerBytes: 1_024,
      atOnce: 6,
    },
    rateLimits: {
      perSecond: 50,
      burst: 75,
      wrongKeysPerMinute: 3,
      anonymousPerSecond: 5,
      anonymousBurst: 7,
      redisUrl: 'redis://127.0.0.1:6379/1',
    },
  });
});

test('takes an empty variable for one that is not given', () => {
  const empty = Object.fromEntries(
    Object.keys(variables.shape)
      .filter((name) => name !== 'VAULT_CORS_ORIGINS')
      .map((name) => [name, '']),
  );

  expect(readConfig(empty)).toEqual(readConfig({}));
});

test.each(['', 'DATABASE_URL'])('an empty variable does not stand in the way of a given one (%j)', (name) => {
  const given = { DATABASE_URL: url, VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox', VAULT_DATABASE: '' };

  expect(readConfig({ ...given, ...(name && { [name]: '' }) }).database.kind).toBe(name ? 'embedded' : 'url');
});

test.each([
  ['/run/vault.sock', '/run/vault.sock'],
  ['./vault.sock', resolve('vault.sock')],
  ['../vault.sock', resolve('../vault.sock')],
])('takes PORT=%s for the path of a socket', (port, path) => {
  expect(readConfig({ PORT: port }).port).toBe(path);
});

test('refuses two logins that name two schemas', () => {
  const given = { VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox' };
  const urls = { DATABASE_URL: `${url}?schema=one`, VAULT_OWNER_URL: `${ownerUrl}?schema=other` };

  expect(problemsOf({ ...given, ...urls })).toEqual([
    'VAULT_OWNER_URL must name the same schema as DATABASE_URL.',
  ]);
});

test('keeps the key file in the data directory unless it is told where', () => {
  expect(readConfig({ VAULT_DATA_DIR: '/data' }).keyFile).toBe('/data/keys.json');
});

test.each([
  ['VAULT_SCAN_CONNECTIONS', '0'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '40.5'],
  ['PORT', 'canary'],
  ['VAULT_TOKENIZATION', 'canary'],
  ['LOG_LEVEL', 'canary'],
  ['VAULT_RATE_LIMIT', '0'],
  ['VAULT_RATE_LIMIT', '1000001'],
  ['VAULT_RATE_BURST', 'canary'],
  ['VAULT_RATE_BURST', '999'],
  ['VAULT_WRONG_KEYS_PER_MINUTE', '-1'],
  ['VAULT_ANONYMOUS_RATE', '0'],
  ['VAULT_ANONYMOUS_BURST', '19'],
  ['VAULT_MERCHANT_CONCURRENCY', '501'],
  ['VAULT_MERCHANT_CONCURRENCY', '0'],
  ['REDIS_URL', 'http://canary'],
  ['LOG_LEVEL', 'INFO'],
  ['VAULT_DATABASE', 'canary'],
  ['VAULT_SEARCH', 'canary'],
  ['VAULT_CORS_ORIGINS', 'canary'],
  ['VAULT_CORS_ORIGINS', '*'],
  ['VAULT_CORS_ORIGINS', 'null'],
  ['VAULT_CORS_ORIGINS', 'https://shop.example/'],
  ['VAULT_CORS_ORIGINS', 'https://shop.example,https://canary@shop.example'],
  ['VAULT_CORS_ORIGINS', 'ftp://shop.example'],
  ['VAULT_TRUST_PROXY', 'canary'],
  ['VAULT_TRUST_PROXY', 'true'],
  ['VAULT_TRUST_PROXY', '1'],
  ['VAULT_TRUST_PROXY', '0.0.0.0/0'],
  ['VAULT_TRUST_PROXY', '10.0.0.0/33'],
  ['VAULT_TRUST_PROXY', '10.0.0.0/8/8'],
  ['VAULT_TRUST_PROXY', '10.0.0.1,canary'],
  ['VAULT_MAX_BODY_BYTES', '1023'],
  ['VAULT_MAX_HEADER_BYTES', '1e4'],
  ['VAULT_HEADERS_TIMEOUT_MS', '0'],
  ['VAULT_REQUEST_TIMEOUT_MS', '-1'],
  ['VAULT_MAX_TOKENS', '0'],
  ['VAULT_MAX_DEPTH', '101'],
  ['VAULT_MAX_ALIASES', '1.5'],
  ['VAULT_MAX_ROOT_FIELDS', '0'],
  ['VAULT_MAX_COST', '1000001'],
  ['VAULT_MAX_ANSWER_BYTES', '1023'],
])('refuses %s=%j and names the variable', (name, value) => {
  const problems = problemsOf({ [name]: value });

  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} .+\\.$`))]);
});

test.each(['canary', 'mysql://canary@db.example/vault', 'postgres:/canary'])(
  'refuses DATABASE_URL=%j and names the variable',
  (value) => {
    const problems = problemsOf({ DATABASE_URL: value, VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox' });

    expect(problems).toEqual(['DATABASE_URL must be a postgresql:// URL.']);
  },
);

test.each(['canary', 'mysql://canary@db.example/vault'])('refuses VAULT_OWNER_URL=%j', (value) => {
  const given = { DATABASE_URL: url, VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox' };

  expect(problemsOf({ ...given, VAULT_OWNER_URL: value })).toEqual([
    'VAULT_OWNER_URL must be a postgresql:// URL.',
  ]);
});

test('refuses the URL of an owner without that of a server', () => {
  expect(problemsOf({ VAULT_OWNER_URL: ownerUrl })).toEqual([
    'VAULT_OWNER_URL needs DATABASE_URL beside it.',
  ]);
});

test('takes the login of DATABASE_URL for the owner where no other is given', () => {
  const given = { DATABASE_URL: url, VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox' };

  expect(readConfig(given).database).toEqual({ kind: 'url', url, ownerUrl: null });
});

test('refuses DATABASE_URL without a key file and a tokenization provider', () => {
  expect(problemsOf({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^VAULT_KEY_FILE must be given together with DATABASE_URL/),
    expect.stringMatching(/^VAULT_TOKENIZATION must be given together with DATABASE_URL/),
  ]);
});

test('takes nothing for granted in production', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
    expect.stringMatching(/^DATABASE_URL must be given in production/),
    expect.stringMatching(/^VAULT_TOKENIZATION must be given in production/),
  ]);
});

test('uses the embedded database in production only by name, and shows nobody’s pages anything', () => {
  const environment = { NODE_ENV: 'production', VAULT_DATABASE: 'embedded', VAULT_TOKENIZATION: 'sandbox' };

  expect(readConfig(environment)).toMatchObject({
    production: true,
    database: { kind: 'embedded' },
    corsOrigins: [],
  });
});

test('refuses two databases at once', () => {
  const environment = { DATABASE_URL: url, VAULT_KEY_FILE: 'k', VAULT_TOKENIZATION: 'sandbox' };

  expect(problemsOf({ ...environment, VAULT_DATABASE: 'embedded' })).toEqual([
    'VAULT_DATABASE contradicts DATABASE_URL.',
  ]);
});

test.each(['', ' , '])('lets no page read answers with VAULT_CORS_ORIGINS=%j', (origins) => {
  expect(readConfig({ VAULT_CORS_ORIGINS: origins }).corsOrigins).toEqual([]);
});

test('names every wrong variable at once and repeats no value', () => {
  const problems = problemsOf({
    PORT: 'canary',
    DATABASE_URL: 'mysql://user:canary@db.example/vault',
    VAULT_SEARCH: 'canary',
    VAULT_TOKENIZATION: 'canary',
    LOG_LEVEL: 'canary',
  });

  const named = new Set(problems.map((problem) => problem.split(' ')[0]));
  expect([...named].sort()).toEqual([
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
    'VAULT_KEY_FILE',
    'VAULT_SEARCH',
    'VAULT_TOKENIZATION',
  ]);
  expect(problems.join('\n')).not.toMatch(/canary|mysql|undefined/);
});

test.each([
  [{}, true],
  [{ NODE_ENV: 'production' }, false],
  [{ NODE_ENV: 'production', VAULT_DASHBOARD: 'on' }, true],
  [{ VAULT_DASHBOARD: 'off' }, false],
])('with %j the dashboard is served: %s', (environment, isServed) => {
  const given = { VAULT_DATABASE: 'embedded', VAULT_TOKENIZATION: 'sandbox', ...environment };

  expect(readConfig(given).dashboard).toBe(isServed);
});
