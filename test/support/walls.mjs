// The walls between merchants, shown over every statement that the suite has run: pg_stat_statements remembers them.
import pg from 'pg';
import { stray } from './merchant-constants.mjs';

/** The statements that mean rows of more merchants than one, each with its reason. */
const overMerchants = [];

/** The statements with a relation that is not held to one merchant by a constant, each with those relations. */
export function withoutMerchant(statements) {
  return statements.flatMap((text) => {
    const isKnown = overMerchants.some(([pattern]) => pattern.test(text));
    const relations = isKnown ? [] : stray(text);
    return relations.length > 0 ? [{ relations, text }] : [];
  });
}

/** What the servers' role has run on a PostgreSQL server; null where it does not keep statements. */
export async function statementsOf(serverUrl) {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows: loaded } = await client.query('show shared_preload_libraries');
    if (!loaded[0].shared_preload_libraries.includes('pg_stat_statements')) return null;
    await client.query('create extension if not exists pg_stat_statements');
    const { rows } = await client.query(
      `select distinct s.query from pg_stat_statements s
       join pg_roles r on r.oid = s.userid where r.rolname = 'vault_runtime'`,
    );
    return rows.map(({ query }) => query);
  } finally {
    await client.end();
  }
}
