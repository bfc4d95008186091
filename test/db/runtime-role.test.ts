import { Database } from '../../src/db/database.js';
import { applyMigrations } from '../../src/db/migrations.js';
import { type Queries, WAYS } from '../../src/db/queries.js';
import { assertRuntimeRole } from '../../src/db/runtime-role.js';
import { raw, type Sql, sql } from '../../src/db/sql.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';

let url: string;
let database: Database;

beforeAll(async () => {
  // Not a clone: a template's own rights are not cloned with it.
  url = await emptyDatabaseUrl();
  await applyMigrations(url, 'prisma/migrations');
  database = new Database({ url, poolSize: 1, lanes: 1 });
});

afterAll(() => database.close());

/** Sends statements as the owner, over a connection that has taken no role. */
async function asOwner<Row>(statement: Sql): Promise<Row[]> {
  const { rows } = await queryAs<{ row: Row }>(url, statement.text, statement.values);
  return rows.map(({ row }) => row);
}

test('takes the role in which the server acts', async () => {
  await expect(assertRuntimeRole(database)).resolves.toBeUndefined();
});

test('refuses connections that act as the owner', async () => {
  const owner = { read: asOwner, append: asOwner, write: asOwner };

  await expect(assertRuntimeRole(owner)).rejects.toThrow('not as vault_runtime.');
});

test.each(WAYS)('looks at the connections of the way of a %s', async (way) => {
  const asRole = WAYS.map((name) => [name, database[name].bind(database)]);
  const mixed = { ...Object.fromEntries(asRole), [way]: asOwner } as Queries;

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

test.each([
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
])('may not: %s', async (statement) => {
  const failure = await database
    .cold((prisma) => prisma.$executeRaw(sql`${raw(statement)}`))
    .catch((error: unknown) => error);

  expect(JSON.stringify(failure)).toMatch(/"originalCode":"(42501|42P16)"/);
});
