import { type Queries, WAYS } from './queries.js';
import { sql } from './sql.js';

interface RoleCheck {
  readonly role: string;
  readonly superuser: boolean;
  readonly owns: number;
}

/**
 * Makes sure that the server's connections can only read and write rows: they act in `vault_runtime`, which is
 * no superuser and owns nothing in this database.
 *
 * @throws Error naming what is wrong.
 */
export async function assertRuntimeRole(database: Pick<Queries, (typeof WAYS)[number]>): Promise<void> {
  const statement = sql`select /* db.runtimeRole */ json_build_object(
      'role', r.rolname,
      'superuser', r.rolsuper,
      'owns', (select count(*) from pg_class c where c.relowner = r.oid)
    ) as row
    from pg_roles r where r.rolname = current_user`;
  const checks = await Promise.all(WAYS.map((way) => database[way]<RoleCheck>(statement)));
  for (const { role, superuser, owns } of checks.flat()) {
    if (role !== 'vault_runtime') throw new Error(`The connections act as ${role} and not as vault_runtime.`);
    if (superuser) throw new Error('The role vault_runtime must not be a superuser.');
    if (owns > 0) throw new Error('The role vault_runtime must not own tables.');
  }
}
