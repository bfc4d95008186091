import { Database } from '../../src/db/database.js';
import { assertRuntimeRole } from '../../src/db/runtime-role.js';
import { raw, sql } from '../../src/db/sql.js';
import { queryAs, workerDatabaseUrl } from '../support/database.js';

let url: string;
let database: Database;

beforeAll(async () => {
  url = await workerDatabaseUrl();
  database = new Database({ url, poolSize: 1, readLanes: 1 });
});

afterAll(() => database.close());

/** A database whose connections say that they are these roles. */
function aDatabaseOf(...roles: object[]): Database {
  const [read, write] = roles.length === 1 ? [roles[0], roles[0]] : roles;
  return { read: async () => [read], write: async () => [write] } as unknown as Database;
}

const good = { role: 'vault_runtime', superuser: false, owns: 0 };

test('takes the role in which the server acts', async () => {
  await expect(assertRuntimeRole(database)).resolves.toBeUndefined();
});

test.each<[string, object, string]>([
  [
    'another role',
    { ...good, role: 'postgres' },
    'The connections act as postgres and not as vault_runtime.',
  ],
  ['a superuser', { ...good, superuser: true }, 'The role vault_runtime must not be a superuser.'],
  ['an owner of tables', { ...good, owns: 1 }, 'The role vault_runtime must not own tables.'],
])('refuses %s', async (_, role, sentence) => {
  await expect(assertRuntimeRole(aDatabaseOf(role))).rejects.toThrow(sentence);
});

test('looks at the connections of both ways', async () => {
  const mixed = aDatabaseOf(good, { ...good, role: 'owner' });

  await expect(assertRuntimeRole(mixed)).rejects.toThrow('act as owner');
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
  expect(ours).toHaveLength(10);
  expect(ours.map(({ privileges }) => privileges)).toEqual(
    ours.map(() => ['select', 'insert', 'update', 'delete']),
  );
  expect(rows.find(({ name }) => name === '_prisma_migrations')?.privileges).toEqual([]);
});

test.each([
  'create table intruder (id int)',
  'create schema intruder',
  'create role intruder',
  'alter table customers add column intruder int',
  'drop table customers',
  'truncate customers',
  'select migration_name from _prisma_migrations',
  'delete from _prisma_migrations',
  "select pg_read_file('/etc/passwd')",
  "copy customers to program 'cat'",
])('may not: %s', async (statement) => {
  const failure = await database
    .cold((prisma) => prisma.$executeRaw(sql`${raw(statement)}`))
    .catch((error: unknown) => error);

  expect(JSON.stringify(failure)).toMatch(/"originalCode":"(42501|42P16)"/);
});
