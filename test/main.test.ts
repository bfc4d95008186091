import { cp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  aDataDirectory,
  type ChildServer,
  endServers,
  postgresPid,
  startServer,
} from './support/child-server.js';
import { Client } from './support/client.js';
import { json } from './support/command-line.js';
import { emptyDatabaseUrl, queryAs, serverUrlOf } from './support/database.js';
import { aCustomer } from './support/factories.js';
import { postJson, send } from './support/http.js';
import { loggedRequest } from './support/statements.js';

let dataDir: string;
let first: ChildServer;
let second: ChildServer;
let firstKey: string;

beforeAll(async () => {
  dataDir = await aDataDirectory();
  first = startServer({ VAULT_DATA_DIR: dataDir });
  await first.ready();
  firstKey = first.announcedKey ?? '';
});

afterAll(endServers);

async function clientOf(server: ChildServer, key = firstKey): Promise<Client> {
  return new Client(await server.ready(), { authorization: `Bearer ${key}` });
}

async function namesOf(client: Client): Promise<string[]> {
  const answer = await client.execute('{ customers { nodes { name } } }');
  return answer.expectData().customers.nodes.map(({ name }: { name: string }) => name);
}

/** Starts a server that must not start, and gives its code and what it wrote. */
async function failToStart(environment: Record<string, string>) {
  const { code, stdout, stderr } = await startServer(environment).end();
  return { code, stdout, stderr };
}

test('announces at the first start an address that signs in, and its first key', async () => {
  expect(firstKey).toMatch(/^sk_test_[0-9a-f]{24}_[0-9a-f]{24}_[\w-]{43}$/);
  expect(first.stdout.split('\n')).toContain(
    `Customer Vault is ready. Explore it at ${await first.ready()}/#key=${firstKey}`,
  );
  expect(await first.ready()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(first.stderr).toBe('');
});

test('keeps the key, the database URL and the key-encryption keys in files that only their owner can read', async () => {
  const names = ['api-key', 'database-url', 'keys.json'];

  const modes = await Promise.all(names.map(async (name) => (await stat(join(dataDir, name))).mode & 0o777));

  expect(modes).toEqual([0o600, 0o600, 0o600]);
  expect(await readFile(join(dataDir, 'api-key'), 'utf8')).toBe(`${firstKey}\n`);
  const { rows } = await queryAs(
    (await readFile(join(dataDir, 'database-url'), 'utf8')).trim(),
    'select count(*)::int as merchants from merchants',
  );
  expect(rows).toEqual([{ merchants: 1 }]);
  expect((await readdir(dataDir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('comes to the database with a login that has nothing but vault_runtime', async () => {
  await (await clientOf(first)).execute('{ customers { totalCount } }');

  const { rows } = await queryAs(
    (await readFile(join(dataDir, 'database-url'), 'utf8')).trim(),
    `select distinct a.datname, a.usename, r.rolsuper or r.rolcreaterole or r.rolcreatedb as special,
       array(select roleid::regrole::text from pg_auth_members m where m.member = r.oid) as member_of
     from pg_stat_activity a join pg_roles r on r.rolname = a.usename
     where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()`,
  );

  expect(rows).toEqual([
    { datname: 'vault', usename: 'vault_server', special: false, member_of: ['vault_runtime'] },
  ]);
});

const PATHS = [
  ...['/', '/sandbox', '/dashboard', '/dashboard/', '/dashboard/explorer', '/dashboard/customers/1'],
  ...['/graphql', '/graphql?query={__typename}', '/healthz', '/readyz', '/metrics', '/nothing', '/%'],
];
const ORIGINS = [undefined, 'null', 'https://studio.apollographql.com', 'https://evil.example', 'self'];
const FETCHES = [
  {},
  { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
];

test.each(['127.0.0.1', 'localhost', '[::1]', 'evil.example'])(
  'tells nobody the key who asks for the host %s, whatever else is said',
  async (host) => {
    const url = await first.ready();
    const texts: string[] = [];
    for (const path of PATHS) {
      for (const from of ORIGINS) {
        const origin = from === 'self' ? url : from;
        const headers = {
          accept: 'text/html',
          host: `${host}:${new URL(url).port}`,
          ...(origin && { origin }),
        };
        const answers = await Promise.all(
          FETCHES.map((fetch) => send(url + path, { headers: { ...headers, ...fetch } })),
        );
        texts.push(...answers.map((answer) => JSON.stringify(answer)));
      }
    }
    const secret = firstKey.slice(-43);

    expect(texts).toHaveLength(PATHS.length * ORIGINS.length * FETCHES.length);
    expect(texts.filter((text) => text.includes(secret) || text.includes('sk_test_'))).toEqual([]);
  },
);

test.each(['evil.example', 'evil.example:4000', '127.0.0.1.evil.example'])(
  'answers nothing under the foreign host %j, /graphql with a right key included',
  async (host) => {
    const url = await first.ready();
    const authorization = `Bearer ${firstKey}`;

    const answers = await Promise.all([
      send(`${url}/`, { headers: { accept: 'text/html', host } }),
      postJson(url, '{"query":"{ customers { totalCount } }"}', { host, authorization }),
      send(`${url}/healthz`, { headers: { host } }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([421, 421, 421]);
  },
);

test('prints no key where others may reach it, and takes what they call it', async () => {
  const server = startServer({ VAULT_DATA_DIR: await aDataDirectory(), HOST: '0.0.0.0' });
  const url = await server.ready();

  const answers = await Promise.all(
    ['vault:4000', '192.168.1.20', 'evil.example'].map((host) =>
      send(`${url}/healthz`, { headers: { host } }),
    ),
  );
  await server.stop();

  expect(server.announcedLink).toBeNull();
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 421]);
});

test('logs requests with the allowed keys and no others', async () => {
  const answer = await (await clientOf(first)).execute('query Canary { customers { totalCount } }');
  const { requestId } = answer.body.extensions;
  const line = await loggedRequest(() => first.stdout, requestId);

  expect(Object.keys(line).sort()).toEqual(
    [
      'level',
      'time',
      'msg',
      'requestId',
      'merchantId',
      'keyId',
      'operationHash',
      'rootFields',
      'status',
      'durationMs',
      'statements',
    ].sort(),
  );
  expect(first.stdout).not.toContain('Canary ');
});

test('refuses a second server on the same data', async () => {
  const { code, stderr } = await failToStart({ VAULT_DATA_DIR: dataDir });

  expect(code).toBe(1);
  expect(stderr).toMatch(/^The server could not start:\n[^\n]+\.\n$/);
  expect(await namesOf(await clientOf(first))).toEqual([]);
});

test('refuses a wrong log level before it makes anything', async () => {
  const other = await aDataDirectory();

  const { code, stdout, stderr } = await failToStart({ VAULT_DATA_DIR: other, LOG_LEVEL: 'canary' });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'The configuration is wrong:\nLOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.\n',
  );
  await expect(stat(other)).rejects.toThrow('ENOENT');
});

test('ends at SIGTERM with code 0 and stops its PostgreSQL', async () => {
  await aCustomer(await clientOf(first), { name: 'Before the stop' });

  const { code, stderr } = await first.stop();

  expect([code, stderr]).toEqual([0, '']);
  expect(await postgresPid(dataDir)).toBeNull();
});

test('leaves no PostgreSQL behind when SIGTERM comes in the middle of the first start', async () => {
  const fresh = await aDataDirectory();
  const server = startServer({ VAULT_DATA_DIR: fresh });
  while (server.isRunning && (await postgresPid(fresh)) === null) await sleep(5);
  const announced = server.stdout;

  const { stderr } = await server.stop();

  expect([announced, stderr]).toEqual(['', '']);
  expect(await postgresPid(fresh)).toBeNull();
});

test('refuses a port that is in use, with a sentence, and leaves no PostgreSQL behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  try {
    const { code, stdout, stderr } = await failToStart({ VAULT_DATA_DIR: dataDir, PORT: String(port) });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `The server could not start:\nPort ${port} of 127.0.0.1 is in use: stop what listens there, or give another one in PORT (0: any that is free).\n`,
    );
    expect(await postgresPid(dataDir)).toBeNull();
  } finally {
    taken.close();
  }
});

test('refuses the data without its key file, and makes no other', async () => {
  const keyFile = join(dataDir, 'keys.json');
  const kept = `${keyFile}.kept`;
  await cp(keyFile, kept);
  await rm(keyFile);

  const { code, stdout, stderr } = await failToStart({ VAULT_DATA_DIR: dataDir });

  await expect(stat(keyFile)).rejects.toThrow('ENOENT');
  await cp(kept, keyFile);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The server could not start:\n.+\.\n$/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await postgresPid(dataDir)).toBeNull();
});

test('refuses the data with another key file', async () => {
  const other = join(await aDataDirectory(), '..', 'other-keys.json');
  const keys = JSON.parse(await readFile(join(dataDir, 'keys.json'), 'utf8'));
  const [id = ''] = Object.keys(keys.keys);
  const secret = Buffer.alloc(32, 7).toString('base64');
  await writeFile(other, JSON.stringify({ ...keys, keys: { [id]: secret } }), { mode: 0o600 });

  const { code, stdout, stderr } = await failToStart({ VAULT_DATA_DIR: dataDir, VAULT_KEY_FILE: other });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `The server could not start:\nThe key-encryption key "${id}" is not the one that this database was sealed with.\n`,
  );
  expect(stderr).not.toContain(secret);
});

test('keeps its data over a restart, and announces the address that signs in again', async () => {
  second = startServer({ VAULT_DATA_DIR: dataDir });

  const names = await namesOf(await clientOf(second));

  expect(names).toEqual(['Before the stop']);
  expect(second.announcedLink).toBe(`${await second.ready()}/#key=${firstKey}`);
  expect(second.announcedKey).toBeNull();
});

test('starts within 15 s on the data of a server that was killed', async () => {
  await aCustomer(await clientOf(second), { name: 'Before the kill' });
  await second.stop('SIGKILL');
  const orphan = await postgresPid(dataDir);
  const begin = Date.now();

  const server = startServer({ VAULT_DATA_DIR: dataDir });
  const names = await namesOf(await clientOf(server));
  const took = Date.now() - begin;
  const { code } = await server.stop();

  expect(orphan).not.toBeNull();
  expect(names).toEqual(['Before the kill', 'Before the stop']);
  expect(took).toBeLessThan(15_000);
  expect([code, await postgresPid(dataDir)]).toEqual([0, null]);
});

test("works on a database of somebody else with a key file and the owner's login, and says what is better", async () => {
  const environment = {
    DATABASE_URL: await emptyDatabaseUrl(),
    VAULT_DATA_DIR: await aDataDirectory(),
    VAULT_KEY_FILE: join(dataDir, 'keys.json'),
    VAULT_TOKENIZATION: 'sandbox',
  };
  const server = startServer(environment);
  await server.ready();
  const { key } = await json(environment, 'init');
  await aCustomer(await clientOf(server, key), { name: 'Elsewhere' });
  const headers = { accept: 'text/html', host: 'vault.example.com' };
  const page = await send(`${await server.ready()}/`, { headers });
  const { code, stdout } = await server.stop();

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^The server's login \w+ can do more than vault_runtime: it .+\. Give the server a login of its own.+$/m,
  );
  expect(stdout).not.toContain('sk_');
  expect([page.status, page.text.includes('sk_test_'), server.announcedLink]).toEqual([200, false, null]);
  await expect(readdir(environment.VAULT_DATA_DIR)).rejects.toThrow('ENOENT');
  const { rows } = await queryAs(
    environment.DATABASE_URL,
    'select count(*)::int as customers from customers',
  );
  expect(rows).toEqual([{ customers: 1 }]);
});

test.each<[string, (owner: string) => Record<string, string>, RegExp]>([
  [
    'a login of its own that is none',
    (owner) => ({ DATABASE_URL: owner, VAULT_OWNER_URL: owner }),
    /^The server's login \w+ can do more than vault_runtime: it .+\.$/m,
  ],
  [
    'a login that owns nothing, and no owner',
    (owner) => ({ DATABASE_URL: serverUrlOf(owner) }),
    /^The login \w+ may not make tables in the schema public: give that of their owner in VAULT_OWNER_URL, or let an administrator run `grant create on schema public to \w+`\.$/m,
  ],
])('refuses a database of somebody else with %s', async (_, logins, message) => {
  const { code, stdout, stderr } = await failToStart({
    ...logins(await emptyDatabaseUrl()),
    VAULT_DATA_DIR: await aDataDirectory(),
    VAULT_KEY_FILE: join(dataDir, 'keys.json'),
    VAULT_TOKENIZATION: 'sandbox',
  });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The server could not start:\n[^\n]+\n$/);
  expect(stderr).toMatch(message);
});

test('refuses a database of somebody else whose key file is missing, and makes none', async () => {
  const keyFile = join(await aDataDirectory(), 'keys.json');

  const { code, stdout, stderr } = await failToStart({
    DATABASE_URL: await emptyDatabaseUrl(),
    VAULT_DATA_DIR: await aDataDirectory(),
    VAULT_KEY_FILE: keyFile,
    VAULT_TOKENIZATION: 'sandbox',
  });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The server could not start:\n.+\.\n$/);
  await expect(stat(keyFile)).rejects.toThrow('ENOENT');
});

test('refuses a database of somebody else without the name of a key file', async () => {
  const { code, stderr } = await failToStart({
    DATABASE_URL: 'postgresql://vault:canary@127.0.0.1:1/vault',
    VAULT_TOKENIZATION: 'sandbox',
  });

  expect(code).toBe(1);
  expect(stderr).toMatch(/^The configuration is wrong:\nVAULT_KEY_FILE must be given/);
  expect(stderr).not.toContain('canary');
});

test('says in a sentence that the database cannot be reached, and not its password', async () => {
  const { code, stdout, stderr } = await failToStart({
    DATABASE_URL: 'postgresql://vault:canary@127.0.0.1:1/vault',
    VAULT_KEY_FILE: join(dataDir, 'keys.json'),
    VAULT_TOKENIZATION: 'sandbox',
  });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The server could not start:\n.+\n$/);
  expect(stderr).not.toContain('canary');
});

test('refuses a data directory that is a symbolic link to nothing, and makes nothing', async () => {
  const missing = await aDataDirectory();
  const link = `${missing}-link`;
  await symlink(missing, link);

  const { code, stdout, stderr } = await failToStart({ VAULT_DATA_DIR: link });

  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `The server could not start:\n${link} is a symbolic link to ${missing}, which is not there.\n`,
  );
});

test('stops its PostgreSQL although a step before fails, and says which', async () => {
  const fresh = await aDataDirectory();
  const sabotage = `import { createRequire } from 'node:module';
    const { Pool } = createRequire(process.cwd() + '/')('pg');
    Pool.prototype.end = () => Promise.reject(new TypeError('canary'));`;
  const server = startServer({
    VAULT_DATA_DIR: fresh,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(sabotage)}`,
  });
  await server.ready();

  const { code, stdout } = await server.stop();

  expect([code, await postgresPid(fresh)]).toEqual([1, null]);
  const line = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(line).toMatchObject({
    msg: 'a step of the stop failed',
    step: 'connections',
    err: { type: 'TypeError' },
  });
  expect(stdout).not.toContain('canary');
});

test('stops once and cleanly when it is told to again and again', async () => {
  const fresh = await aDataDirectory();
  const server = startServer({ VAULT_DATA_DIR: fresh });
  await server.ready();

  const ended = [];
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGTERM'] as const) {
    ended.push(server.stop(signal));
    await sleep(20);
  }
  const [{ code } = { code: null }] = await Promise.all(ended);

  expect([code, await postgresPid(fresh)]).toEqual([0, null]);
});

test('tells the type and the place of an error that ends it, and no value that hangs on the error', async () => {
  const crash = `const canary = { detail: 'canary', query: 'canary', parameters: ['canary'] };
    process.on('SIGUSR2', () => Promise.reject(Object.assign(new TypeError('canary'), canary)));`;
  const fresh = await aDataDirectory();
  const server = startServer({
    VAULT_DATA_DIR: fresh,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
  });
  await server.ready();

  const { code, stdout, stderr } = await server.stop('SIGUSR2');

  expect([code, stderr]).toEqual([1, '']);
  expect(await postgresPid(fresh)).toBeNull();
  const line = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(line).toMatchObject({ msg: 'the server has crashed', err: { type: 'TypeError' } });
  expect(stdout).not.toMatch(/canary/i);
});
