import { applyMigrations } from '../../src/db/migrations.js';
import { renewServerLogin } from '../../src/db/server-login.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';

const name = `vault_login_${Math.random().toString(36).slice(2)}`;
let ownerUrl: string;

beforeAll(async () => {
  ownerUrl = await emptyDatabaseUrl();
  await applyMigrations(ownerUrl, 'prisma/migrations');
});

afterAll(() => queryAs(ownerUrl, `drop role if exists ${name}`));

test('makes a login that is a member of vault_runtime and can do nothing else', async () => {
  const url = await renewServerLogin(ownerUrl, name);

  const { rows } = await queryAs(url, 'select session_user, current_database() as database');
  const { rows: facts } = await queryAs(
    ownerUrl,
    `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as special, rolcanlogin,
       array(select roleid::regrole::text from pg_auth_members m where m.member = r.oid) as member_of
     from pg_roles r where rolname = $1`,
    [name],
  );
  expect(rows).toEqual([{ session_user: name, database: new URL(ownerUrl).pathname.slice(1) }]);
  expect(facts).toEqual([{ special: false, rolcanlogin: true, member_of: ['vault_runtime'] }]);
});

test('gives a login that is there a new password at each start', async () => {
  const kept = async () =>
    (await queryAs(ownerUrl, 'select rolpassword from pg_authid where rolname = $1', [name])).rows;
  const before = await renewServerLogin(ownerUrl, name);
  const keptBefore = await kept();

  const after = await renewServerLogin(ownerUrl, name);

  expect(new URL(before).password).not.toBe(new URL(after).password);
  expect(await kept()).not.toEqual(keptBefore);
  await expect(queryAs(after, 'select')).resolves.toMatchObject({ rowCount: 1 });
});

test('finishes what an interrupted start has begun', async () => {
  await queryAs(ownerUrl, `drop role if exists ${name}`);
  await queryAs(ownerUrl, `create role ${name} nologin`);

  const url = await renewServerLogin(ownerUrl, name);

  const { rows } = await queryAs(url, "select pg_has_role('vault_runtime', 'member') as member");
  expect(rows).toEqual([{ member: true }]);
});

test('has PostgreSQL keep a hash, and sends no password', async () => {
  const url = await renewServerLogin(ownerUrl, name);

  const { rows } = await queryAs<{ kept: string }>(
    ownerUrl,
    'select rolpassword as kept from pg_authid where rolname = $1',
    [name],
  );

  expect(rows[0]?.kept).toMatch(/^SCRAM-SHA-256\$4096:[\w+/=]{24}\$[\w+/=]{44}:[\w+/=]{44}$/);
  expect(rows[0]?.kept).not.toContain(new URL(url).password);
});
