import type { Database } from './database.js';
import { sql } from './sql.js';
import { WAYS } from './ways.js';

interface RoleCheck {
  readonly role: string;
  readonly superuser: boolean;
  readonly owns: number;
  readonly login: string;
  /** What the login has beside `vault_runtime`, in words that follow "it". */
  readonly powers: readonly string[];
}

/**
 * Makes sure that the server's connections can only read and write rows: they act in `vault_runtime`, which is
 * no superuser and owns nothing in this database.
 *
 * Resolves to a sentence about the login that they came with, which `set role none` leads back to, when it has more
 * than `vault_runtime`; null when it has not.
 *
 * @throws Error naming what is wrong with the role.
 */
export async function assertRuntimeRole(database: Pick<Database, 'send'>): Promise<string | null> {
  const checks = (await Promise.all(WAYS.map((way) => database.send<RoleCheck>(way, statement)))).flat();
  for (const { role, superuser, owns } of checks) {
    if (role !== 'vault_runtime') throw new Error(`The connections act as ${role} and not as vault_runtime.`);
    if (superuser) throw new Error('The role vault_runtime must not be a superuser.');
    if (owns > 0) throw new Error('The role vault_runtime must not own tables.');
  }
  const mighty = checks.find(({ powers }) => powers.length > 0);
  return mighty
    ? `The server's login ${mighty.login} can do more than vault_runtime: it ${mighty.powers.join(', ')}.`
    : null;
}

// pg_shdepend knows the owner of everything in this database (dbid) and of what all databases share (0).
const statement = sql`select /* db.runtimeRole */
    r.rolname::text as role,
    r.rolsuper as superuser,
    (select count(*)::integer from pg_class c where c.relowner = r.oid) as owns,
    l.rolname::text as login,
    array_remove(array[
      case when l.rolsuper then 'is a superuser' end,
      case when l.rolcreaterole then 'may make roles' end,
      case when l.rolcreatedb then 'may make databases' end,
      case when l.rolreplication then 'may replicate' end,
      case when l.rolbypassrls then 'bypasses row security' end,
      case when exists (
        select from pg_shdepend d
        where d.refclassid = 'pg_authid'::regclass and d.refobjid = l.oid and d.deptype = 'o'
          and d.dbid in (0, (select oid from pg_database where datname = current_database()))
      ) then 'owns tables or other things' end,
      case when not l.rolsuper and exists (
        select from pg_roles other
        where other.rolname not in (l.rolname, 'vault_runtime') and pg_has_role(l.oid, other.oid, 'member')
      ) then 'is a member of other roles' end,
      case when exists (
        select from pg_auth_members m
        where m.member = l.oid and m.admin_option and not l.rolsuper
      ) then 'may give vault_runtime to others' end,
      case when not l.rolsuper and has_schema_privilege(l.oid, current_schema()::text, 'create')
        then 'may make tables' end
    ], null) as powers
  from pg_roles r, pg_roles l where r.rolname = current_user and l.rolname = session_user`;
