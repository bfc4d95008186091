import type pg from 'pg';
import { hasCode } from '../embedded-postgres/child.js';
import { connectionTo } from './session-settings.js';
import { withConnection } from './single-connection.js';

const ROLE = 'vault_runtime';
const HISTORY = '_prisma_migrations';
/** SQL_ASCII takes the bytes of UTF-8 as they are. */
const ENCODINGS: ReadonlySet<string> = new Set(['UTF8', 'SQL_ASCII']);
const INSUFFICIENT_PRIVILEGE = '42501';

/** The database or its owner is not as the vault needs it; the message is one sentence and says what to run. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

interface Facts {
  readonly owner: string;
  readonly schema: string | null;
  readonly encoding: string;
  readonly read_only: string;
  readonly role: boolean;
  readonly may_take_role: boolean | null;
  readonly may_make_tables: boolean | null;
  /** PostgreSQL 16 and newer tell membership from the right to take a role on. */
  readonly grant: string;
}

// The branch of `case` that an older PostgreSQL does not know would fail there, so the privilege is chosen as a text.
const FACTS = `select current_user::text as owner, current_schema()::text as schema,
  current_setting('server_encoding') as encoding, current_setting('transaction_read_only') as read_only,
  r.oid is not null as role,
  pg_has_role(current_user, r.oid, case when v.is_16 then 'SET' else 'MEMBER' end) as may_take_role,
  has_schema_privilege(current_user, current_schema()::text, 'create') as may_make_tables,
  format('grant ${ROLE} to %I', current_user) || case when v.is_16 then ' with set true' else '' end as "grant"
from (select current_setting('server_version_num')::int >= 160000 as is_16) v
left join pg_roles r on r.rolname = '${ROLE}'`;

/**
 * Makes sure, before anything is migrated, that a database can hold a vault and that its owner may act in
 * `vault_runtime`; makes and grants that role where the owner may do so.
 *
 * @throws UnfitDatabase
 */
export async function prepareDatabase(client: pg.Client, schemaToMake: string | null): Promise<void> {
  let facts = await ask(client);
  if (!ENCODINGS.has(facts.encoding)) {
    throw new UnfitDatabase(
      `The database has the encoding ${facts.encoding}: make it with \`encoding 'UTF8' template template0\`.`,
    );
  }
  if (facts.read_only === 'on') {
    throw new UnfitDatabase('The database is read-only: give the URL of one that takes changes.');
  }
  if (facts.schema === null && schemaToMake !== null) {
    const make = `create schema ${quoted(schemaToMake)}`;
    await permitted(
      client,
      facts,
      `make the schema ${schemaToMake}`,
      make,
      ` authorization ${quoted(facts.owner)}`,
    );
    facts = await ask(client);
  }
  const { owner, schema } = facts;
  if (schema === null) {
    throw new UnfitDatabase(
      "The login's search path leads to no schema: make one, or name one with `?schema=` in the URL.",
    );
  }
  // What is further back on the path must not be taken for the vault's own.
  await client.query("select set_config('search_path', quote_ident(current_schema()), false)");
  if (!facts.may_take_role) await takeRole(client, facts);
  const isNew = (await client.query(`select to_regclass('${HISTORY}') as at`)).rows[0].at === null;
  if (isNew && !facts.may_make_tables) {
    throw new UnfitDatabase(
      `The login ${owner} may not make tables in the schema ${schema}: give that of their owner in VAULT_OWNER_URL, or let an administrator run \`grant create on schema ${quoted(schema)} to ${quoted(owner)}\`.`,
    );
  }
}

async function ask(client: pg.Client): Promise<Facts> {
  return (await client.query<Facts>(FACTS)).rows[0] as Facts;
}

/** The role belongs to the whole cluster: another vault, or an administrator, may have made it. */
async function takeRole(client: pg.Client, facts: Facts): Promise<void> {
  const { role, grant } = facts;
  if (role) return permitted(client, facts, `act in the role ${ROLE}`, grant);
  await permitted(client, facts, `make the role ${ROLE}`, `create role ${ROLE} nologin`, `; ${grant}`);
  // A superuser needs no grant.
  if (!(await ask(client)).may_take_role) await client.query(grant);
}

/** Sends statements that the owner may not be allowed to; then says what an administrator has to run. */
async function permitted(
  client: pg.Client,
  { owner }: Facts,
  what: string,
  statement: string,
  more = '',
): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!hasCode(error, INSUFFICIENT_PRIVILEGE)) throw error;
    throw new UnfitDatabase(
      `The login ${owner} may not ${what}: an administrator has to run \`${statement}${more};\`.`,
    );
  }
}

const RIGHT = /^(grant|revoke) ([a-z, ]+) on\s+([a-z_,\s]+?)\s+(to|from) vault_runtime;$/gm;

/**
 * Gives `vault_runtime` its rights again where a restore has left them out (`pg_restore --no-privileges`), by what the
 * migrations say.
 */
export async function restoreRights(client: pg.Client, migrations: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ lost: boolean }>(
    `select not exists (select from pg_class c, aclexplode(c.relacl) a
         where c.relnamespace = quote_ident(current_schema())::regnamespace and a.grantee = '${ROLE}'::regrole) as lost`,
  );
  if (!rows[0]?.lost) return;
  await client.query(`do $$ begin
    execute format('grant usage on schema %I to ${ROLE}', current_schema());
    execute format('revoke create on schema %I from public', current_schema());
    execute format('revoke temporary on database %I from public', current_database());
  end $$`);
  for (const [, verb, rights, names = '', preposition] of migrations.flatMap((text) => [
    ...text.matchAll(RIGHT),
  ])) {
    const tables = await existing(
      client,
      names.split(',').map((name) => name.trim()),
    );
    if (tables.length > 0)
      await client.query(`${verb} ${rights} on ${tables.join(', ')} ${preposition} ${ROLE}`);
  }
}

/** Those of some tables that later migrations have not taken away. */
async function existing(client: pg.Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) name where to_regclass(name) is not null',
    [names],
  );
  return rows.map(({ name }) => name);
}

/** The schema that a login's tables are in. */
export async function schemaOf(url: string): Promise<string | undefined> {
  return withConnection(connectionTo(url), async (client) => {
    const { rows } = await client.query<{ schema: string | null }>('select current_schema()::text as schema');
    return rows[0]?.schema ?? undefined;
  });
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
