import pg from 'pg';
import { DatabaseUrlError, readDatabaseUrl } from '../../src/db/database-url.js';
import { connectionTo } from '../../src/db/session-settings.js';

/** What `pg` makes of a URL, as the vault gives it on. */
function readByPg(url: string) {
  const client = new pg.Client(connectionTo(url));
  const { user, password, host, port, database } = client;
  return { user, password, host, port, database };
}

const PASSWORDS = [
  ...[
    'pw',
    'abc#Secret',
    'p@ss#w',
    'a/b',
    'a?b',
    'a:b',
    'a@b@c',
    'p@ss/w?x=y#z',
    '100%',
    '%zz',
    'a b',
    'a+b',
  ],
  ...['ü€😀', "quo'te", '"', '\\', '&', '=', '$HOME', '[', ']', '<>', '!*()', '%25', '%E4', ',;|^`{}~'],
];

test.each(PASSWORDS)('reads the raw password %j', (password) => {
  const isEncoded = password === '%25';

  expect(readByPg(`postgresql://app:${password}@db.example:6432/vault`)).toEqual({
    user: 'app',
    password: isEncoded ? '%' : password,
    host: 'db.example',
    port: 6432,
    database: 'vault',
  });
});

test.each(PASSWORDS)('reads the percent-encoded password %j', (password) => {
  const url = `postgresql://app:${encodeURIComponent(password)}@db.example:6432/vault?sslmode=disable`;

  expect(readByPg(url)).toMatchObject({ user: 'app', password, host: 'db.example', database: 'vault' });
});

test.each([
  ['postgres://db.example', { host: 'db.example', port: 5432 }],
  ['postgresql://a%40b:c@db.example/v%20w', { user: 'a@b', database: 'v w' }],
  ['postgresql://app:pw@[::1]:6432/vault', { host: '::1', port: 6432 }],
  ['postgresql://app:pw@/vault?host=/run/postgresql', { host: '/run/postgresql', database: 'vault' }],
  ['postgresql://app:pw@%2Frun%2Fpostgresql/vault', { host: '/run/postgresql', database: 'vault' }],
  ['postgresql:///vault?host=db.example&user=app&password=a%2Bb', { user: 'app', password: 'a+b' }],
  [' postgresql://app:pw@db.example/vault\n', { database: 'vault' }],
])('reads %j', (url, expected) => {
  expect(readByPg(url)).toMatchObject(expected);
});

test.each([
  ['postgresql://app:canary@one:5432,two:5432/vault', /^names several hosts/],
  ['postgresql://app:canary@one,two/vault', /^names several hosts/],
  ['postgresql://app:canary@db.example:port/vault', /^must be a URL such as .+percent-encode/],
  ['postgresql://app:canary@db.example:70000/vault', /^must be a URL such as/],
  ['postgresql://app:canary#x', /^must be a URL such as/],
  ['postgresql://app:canary@db.example/vault?sslmode=prefer', /^has an sslmode that is none of disable, /],
  ['postgresql://app:canary@db.example/vault?sslmode=canary', /^has an sslmode that is none of disable, /],
  ['postgresql://app:canary@db.example/vault?schema=a%22b', /^names a schema with a quotation mark$/],
  ['mysql://app:canary@db.example/vault', /^must be a postgresql:\/\/ URL$/],
])('refuses %j with words that repeat nothing of it', (url, message) => {
  const thrown = (() => {
    try {
      return readDatabaseUrl(url);
    } catch (error) {
      return error;
    }
  })();

  expect(thrown).toBeInstanceOf(DatabaseUrlError);
  expect((thrown as Error).message).toMatch(message);
  expect((thrown as Error).message).not.toMatch(/canary|example\b.*70000/);
});

test('keeps the settings of a URL’s options, and puts its own after them', () => {
  const { options, connectionString } = connectionTo(
    'postgresql://app:pw@db.example/vault?options=-c%20search_path%3Dapp%20-c%20timezone%3DAsia/Tokyo',
    ['-c role=vault_runtime'],
  );

  expect(options).toMatch(
    /^-c search_path=app -c timezone=Asia\/Tokyo .*-c timezone=UTC.* -c role=vault_runtime$/,
  );
  expect(connectionString).not.toContain('options');
});

test('looks for the tables in the schema of the URL', () => {
  const { options } = connectionTo('postgresql://app:pw@db.example/vault?schema=My%20app%5C');

  expect(options).toMatch(/ -c search_path="My\\ app\\\\"$/);
});

test('passes nothing on that would change how pg speaks, and says what has no meaning', () => {
  const url =
    'postgresql://app:pw@db.example/vault?schema=public&pgbouncer=true&connection_limit=5&client_encoding=LATIN1&query_timeout=1&application_name=mine';

  const target = readDatabaseUrl(url);

  expect(target.url).toBe('postgresql://app:pw@db.example/vault?application_name=mine');
  expect(target.unused).toEqual(['pgbouncer', 'connection_limit', 'client_encoding', 'query_timeout']);
  expect(target.place).toBe('db.example/vault');
});

test.each([
  ['disable', false],
  ['require', {}],
  ['verify-ca', {}],
  ['verify-full', {}],
  ['no-verify', { rejectUnauthorized: false }],
])('with sslmode=%s a certificate is checked as documented', (mode, ssl) => {
  const warnings: unknown[] = [];
  const listen = (warning: Error) => warnings.push(warning.message);
  process.on('warning', listen);

  const client = new pg.Client(connectionTo(`postgresql://app:pw@db.example/vault?sslmode=${mode}`));

  process.off('warning', listen);
  expect((client as unknown as { ssl: unknown }).ssl).toEqual(ssl);
  expect(warnings).toEqual([]);
});
