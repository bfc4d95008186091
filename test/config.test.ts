import { resolve } from 'node:path';
import { ConfigError, readConfig } from '../src/config.js';

const url = 'postgresql://vault:secret@db.example:5432/vault';

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
    dataDir: resolve('.vault'),
    keyFile: resolve('.vault/keys.json'),
    tokenization: 'sandbox',
    logLevel: 'info',
    dashboard: true,
  });
});

test('reads every variable', () => {
  const environment = {
    HOST: '0.0.0.0',
    PORT: '0',
    DATABASE_URL: url,
    VAULT_DATA_DIR: 'data',
    VAULT_KEY_FILE: '/keys/keys.json',
    VAULT_TOKENIZATION: 'sandbox',
    LOG_LEVEL: 'silent',
    VAULT_DASHBOARD: 'off',
  };

  expect(readConfig(environment)).toEqual({
    host: '0.0.0.0',
    port: 0,
    database: { kind: 'url', url },
    dataDir: resolve('data'),
    keyFile: '/keys/keys.json',
    tokenization: 'sandbox',
    logLevel: 'silent',
    dashboard: false,
  });
});

test('keeps the key file in the data directory unless it is told where', () => {
  expect(readConfig({ VAULT_DATA_DIR: '/data' }).keyFile).toBe('/data/keys.json');
});

test.each([
  ['HOST', ''],
  ['PORT', ''],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '40.5'],
  ['PORT', 'canary'],
  ['VAULT_DATA_DIR', ''],
  ['VAULT_KEY_FILE', ''],
  ['VAULT_TOKENIZATION', 'canary'],
  ['LOG_LEVEL', 'canary'],
  ['LOG_LEVEL', 'INFO'],
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

test('refuses DATABASE_URL without a key file and a tokenization provider', () => {
  expect(problemsOf({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^VAULT_KEY_FILE must be given together with DATABASE_URL/),
    expect.stringMatching(/^VAULT_TOKENIZATION must be given together with DATABASE_URL/),
  ]);
});

test('names every wrong variable at once and repeats no value', () => {
  const problems = problemsOf({
    HOST: '',
    PORT: 'canary',
    DATABASE_URL: 'mysql://user:canary@db.example/vault',
    VAULT_DATA_DIR: '',
    VAULT_KEY_FILE: '',
    VAULT_TOKENIZATION: 'canary',
    LOG_LEVEL: 'canary',
  });

  const named = new Set(problems.map((problem) => problem.split(' ')[0]));
  expect([...named].sort()).toEqual([
    'DATABASE_URL',
    'HOST',
    'LOG_LEVEL',
    'PORT',
    'VAULT_DATA_DIR',
    'VAULT_KEY_FILE',
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
  expect(readConfig(environment).dashboard).toBe(isServed);
});
