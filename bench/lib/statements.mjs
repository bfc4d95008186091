import { withClient } from './cluster.mjs';

/** Starts counting the statements that reach the database of a server. */
export async function countStatements({ adminUrl }, { database }) {
  await withClient(adminUrl, async (client) => {
    await client.query('create extension if not exists pg_stat_statements');
    await client.query('select pg_stat_statements_reset()');
  });
  return () =>
    withClient(adminUrl, async (client) => {
      const { rows } = await client.query(
        `select sum(calls)::float8 as calls from pg_stat_statements
         where dbid = (select oid from pg_database where datname = $1) and toplevel`,
        [database],
      );
      return rows[0].calls;
    });
}
