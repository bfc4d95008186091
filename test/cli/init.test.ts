import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createKeyFile } from '../../src/sealing/key-file.js';
import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { Client } from '../support/client.js';
import { json, vault, vaultOf } from '../support/command-line.js';
import { emptyDatabaseUrl, queryAs, serverUrlOf } from '../support/database.js';

afterAll(removeDataDirectories);

/** The environment of a vault on an empty database, with two logins. */
async function anExternal() {
  const folder = await aDataDirectory();
  await mkdir(folder);
  const keyFile = join(folder, 'keys.json');
  await createKeyFile(keyFile);
  const ownerUrl = await emptyDatabaseUrl();
  return {
    VAULT_DATA_DIR: folder,
    DATABASE_URL: serverUrlOf(ownerUrl),
    VAULT_OWNER_URL: ownerUrl,
    VAULT_KEY_FILE: keyFile,
  };
}

/** Everything that a command could have changed. */
async function stateOf({ VAULT_OWNER_URL }: { VAULT_OWNER_URL: string }) {
  const text = `select to_regclass('_prisma_migrations')::text as history,
    (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace) as things`;
  const { rows } = await queryAs<{ history: string | null }>(VAULT_OWNER_URL, text);
  if (rows[0]?.history == null) return rows;
  const { rows: more } = await queryAs(
    VAULT_OWNER_URL,
    `select array(select migration_name || started_at from _prisma_migrations order by 1) as names,
       (select count(*)::int from key_encryption_keys) as keys, (select count(*)::int from merchants) as merchants`,
  );
  return [...rows, ...more];
}

test('makes the tables and the first merchant, and keeps its key nowhere', async () => {
  const external = await anExternal();

  const ended = await vault(external, 'init', '--name', 'Corner Shop', '--mode', 'live');

  const key = /sk_live_\S+/.exec(ended.stdout)?.[0] ?? '';
  expect(ended).toEqual({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^Made the merchant .+\.\n.+\n$/),
  });
  expect(ended.stdout.split(key)).toHaveLength(2);
  await expect(readFile(join(external.VAULT_DATA_DIR, 'api-key'))).rejects.toThrow('ENOENT');
  const { merchants } = await json(external, 'merchants', 'list');
  expect(merchants).toMatchObject([{ name: 'Corner Shop', mode: 'live' }]);
});

test('makes no second merchant and changes nothing when it is run again', async () => {
  const external = await anExternal();
  const { key } = await json(external, 'init');
  const before = await stateOf(external);

  const again = await vault(external, 'init', '--name', 'Another');

  expect(key).toMatch(/^sk_test_/);
  expect(again).toEqual({
    code: 1,
    stdout: '',
    stderr: 'There is a merchant already: see `merchants list`; `keys create --merchant ID` makes a key.\n',
  });
  expect(await stateOf(external)).toEqual(before);
});

test('makes one merchant when it is run twice at once', async () => {
  const external = await anExternal();

  const ended = await Promise.all([vault(external, 'init'), vault(external, 'init')]);

  expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect((await json(external, 'merchants', 'list')).merchants).toHaveLength(1);
});

test.each([
  [['merchants', 'list']],
  [['partners', 'list']],
  [['encryption', 'status']],
  [['merchants', 'create', 'Early']],
])('makes no tables: %j', async (args) => {
  const external = await anExternal();
  const before = await stateOf(external);

  const ended = await vault(external, ...args);

  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(ended.stderr).toMatch(
    /^The database lacks the migration \w+ of this version: start the server on it once.+\.\n$/,
  );
  expect(await stateOf(external)).toEqual(before);
});

test.each([[['merchants', 'list']], [['merchants', 'create', 'Early']], [['init']]])(
  'a newer version applies no migration with %j',
  async (args) => {
    const external = await anExternal();
    await json(external, 'init');
    const before = await stateOf(external);
    const newer = await aNewerVersion();

    const ended = await vaultOf(join(newer, 'dist/cli/main.js'), external, ...args);

    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(/^The database lacks the migration 29991231235959_later of this version/);
    expect(await stateOf(external)).toEqual(before);
  },
);

/** A copy of the product with one more migration. */
async function aNewerVersion(): Promise<string> {
  const folder = dirname(await aDataDirectory());
  for (const name of ['dist', 'prisma', 'package.json'])
    await cp(name, join(folder, name), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const migration = join(folder, 'prisma/migrations/29991231235959_later');
  await mkdir(migration);
  await writeFile(join(migration, 'migration.sql'), 'create table later (id int);');
  return folder;
}

test.each([[['merchants', 'list']], [['encryption', 'status']]])(
  'does not remember a key that only a reading command has seen: %j',
  async (args) => {
    const external = await anExternal();
    await json(external, 'init');
    await json(external, 'encryption', 'rotate', '--only-add');
    await queryAs(
      external.VAULT_OWNER_URL,
      'delete from key_encryption_keys k where not exists (select from merchant_keys m where m.key_encryption_key_id = k.id)',
    );
    const before = await stateOf(external);

    await json(external, ...args);

    expect(await stateOf(external)).toEqual(before);
  },
);

test("works with the server's login alone once there are tables", async () => {
  const { VAULT_OWNER_URL, ...external } = await anExternal();
  const early = await vault(external, 'merchants', 'list');
  await json({ ...external, VAULT_OWNER_URL }, 'init');

  await json(external, 'merchants', 'create', 'Second');

  expect([early.code, early.stderr]).toEqual([1, expect.stringMatching(/^The database lacks the migration/)]);
  expect((await json(external, 'merchants', 'list')).merchants).toHaveLength(2);
});

test('a server in production starts without a merchant, says how to make one, and serves it at once', async () => {
  const external = { ...(await anExternal()), NODE_ENV: 'production', VAULT_TOKENIZATION: 'sandbox' };
  const server = new ChildServer(external);
  try {
    const url = await server.ready();
    const advice = server.stdout;

    const { merchant, key } = await json(external, 'init', '--name', 'Corner Shop');

    const client = new Client(url, { authorization: `Bearer ${key}` });
    expect((await client.execute('{ merchant { id name } }')).expectData().merchant).toEqual(merchant);
    expect(advice).toMatch(/^There is no merchant yet: `npm run vault -- init` makes the first one/m);
    expect(advice + server.stdout).not.toContain('sk_');
  } finally {
    await server.stop();
  }
  const second = new ChildServer(external);
  await second.ready();
  await second.stop();
  expect(second.stdout).not.toMatch(/no merchant|more than vault_runtime/);
});
