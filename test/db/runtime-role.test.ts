import { Database } from '../../src/db/database.js';
import { applyMigrations } from '../../src/db/migrations.js';
import { assertRuntimeRole } from '../../src/db/runtime-role.js';
import { renewServerLogin } from '../../src/db/server-login.js';
import { raw, type Sql, sql } from '../../src/db/sql.js';
import { WAYS, type Way } from '../../src/db/ways.js';
import { emptyDatabaseUrl, queryAs, serverUrlOf } from '../support/database.js';

let url: string;
let database: Database;

beforeAll(async () => {
  // Not a clone: a template's own rights are not cloned with it.
  url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  database = new Database({ url: serverUrlOf(url), poolSize: 1, lanes: 1 });
});

afterAll(() => database.close());

/** Sends statements as the owner, over a connection that has taken no role. */
async function asOwner<Row>(statement: Sql): Promise<Row[]> {
  const { rows } = await queryAs<object>(url, statement.text, statement.values);
  return rows as Row[];
}

test('takes the role in which the server acts, and a login that has nothing but that role', async () => {
  await expect(assertRuntimeRole(database)).resolves.toBeNull();
});

test('says of the owner what it can do beside', async () => {
  const owner = new Database({ url, poolSize: 1, lanes: 1 });

  const fault = await assertRuntimeRole(owner).finally(() => owner.close());

  expect(fault).toMatch(/^The server's login \w+ can do more than vault_runtime: it .+\.$/);
});

test.each([
  ['may make roles', 'alter role LOGIN createrole', ''],
  ['may make databases', 'alter role LOGIN createdb', ''],
  ['bypasses row security', 'alter role LOGIN bypassrls', ''],
  ['may replicate', 'alter role LOGIN replication', ''],
  ['is a member of other roles', 'grant pg_read_all_data to LOGIN', ''],
  ['may give vault_runtime to others', 'grant vault_runtime to LOGIN with admin option', ''],
  ['may make tables', 'grant create on schema public to LOGIN', ''],
  [
    'owns tables or other things',
    'create table belongings (id int); alter table belongings owner to LOGIN',
    'drop table belongings',
  ],
])('says of a login that it %s', async (power, grant, undo) => {
  const name = `vault_mighty_${Math.random().toString(36).slice(2)}`;
  const login = await renewServerLogin(url, name);
  await queryAs(url, grant.replace('LOGIN', name));
  const mighty = new Database({ url: login, poolSize: 1, lanes: 1 });

  const fault = await assertRuntimeRole(mighty).finally(() => mighty.close());

  await queryAs(url, `${undo || 'select 1'}; drop owned by ${name}; drop role ${name}`);
  expect(fault).toBe(`The server's login ${name} can do more than vault_runtime: it ${power}.`);
});

test('refuses connections that act as the owner', async () => {
  const owner = { send: <Row>(_: Way, statement: Sql) => asOwner<Row>(statement) };

  await expect(assertRuntimeRole(owner)).rejects.toThrow('not as vault_runtime.');
});

test.each(WAYS)('looks at the connections of the way of a %s', async (way) => {
  const mixed = {
    send: <Row>(sent: Way, statement: Sql) =>
      sent === way ? asOwner<Row>(statement) : database.send<Row>(sent, statement),
  };

  await expect(assertRuntimeRole(mixed)).rejects.toThrow('not as vault_runtime.');
});

test('the role owns nothing and can do nothing special', async () => {
  const { rows } = await queryAs(
    url,
    `select rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
       (select count(*)::int from pg_class where relowner = r.oid) as owns
     from pg_roles r where rolname = 'vault_runtime'`,
  );

  expect(rows.map((row) => Object.values(row))).toEqual([[false, false, false, false, false, false, 0]]);
});

test('the role may read and write the rows of every table of ours, and no more', async () => {
  const { rows } = await queryAs<{ name: string; privileges: string[] }>(
    url,
    `select relname as name, array(
       select privilege from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
         as privilege where has_table_privilege('vault_runtime', c.oid, privilege)
     ) as privileges
     from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
  );

  const ours = rows.filter(({ name }) => name !== '_prisma_migrations');
  expect(ours).toHaveLength(14);
  expect(ours.map(({ privileges }) => privileges)).toEqual(
    ours.map(() => ['select', 'insert', 'update', 'delete']),
  );
  expect(rows.find(({ name }) => name === '_prisma_migrations')?.privileges).toEqual([]);
});

const forbidden = [
  'create table intruder (id int)',
  'create temporary table intruder (id int)',
  'create schema intruder',
  'create role intruder',
  'alter table customers add column intruder int',
  'drop table customers',
  'truncate customers',
  'select migration_name from _prisma_migrations',
  'delete from _prisma_migrations',
  "select pg_read_file('/etc/passwd')",
  "copy customers to program 'cat'",
];

/** Why PostgreSQL refused a statement on a connection that has tried something before; null: it did not. */
async function refusalAfter(attempts: readonly string[], statement: string): Promise<string | null> {
  const own = new Database({ url: serverUrlOf(url), poolSize: 1, lanes: 1 });
  try {
    // What is tried may fail.
    for (const attempt of attempts)
      await own.models((prisma) => prisma.$executeRaw(sql`${raw(attempt)}`)).catch(() => undefined);
    await own.models((prisma) => prisma.$executeRaw(sql`${raw(statement)}`));
    return null;
  } catch (error) {
    return /"originalCode":"(\w+)"/.exec(JSON.stringify(error))?.[1] ?? String(error);
  } finally {
    await own.close();
  }
}

test.each(forbidden)('may not, whatever leads out of the role: %s', async (statement) => {
  const owner = decodeURIComponent(new URL(url).username) || 'postgres';
  const ways = [
    [],
    ['set role none'],
    ['reset role'],
    ['reset session authorization', 'set role none'],
    [`set session authorization ${owner}`],
    [`set role ${owner}`],
    ['reset all', 'set role none'],
    ['discard all', 'set role none'],
  ];

  const refusals = await Promise.all(ways.map((way) => refusalAfter(way, statement)));

  expect(refusals.filter((refusal) => !/^(42501|42P16)$/.test(refusal ?? ''))).toEqual([]);
});
