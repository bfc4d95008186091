// The walls between merchants, shown over every statement that the suite has run: pg_stat_statements remembers them.
import pg from 'pg';

const merchantsTables =
  /\b(?:from|join|into|update|using)\s+(?:"?public"?\.)?"?(customers|customer_search|addresses|payment_methods|linked_tokens|sandbox_tokens|customer_sessions|api_keys|idempotency_records)\b/i;
const namesMerchant = /"?merchant_id"?\s*=\s*\$\d|insert (?:\/\*[^*]+\*\/ )?into[^(]+\([^)]*\bmerchant_id\b/i;
// A key and a session say whose they are, and are looked up before anybody knows; the last uses of keys of many
// merchants are written at once, each by merchant and id. The operator revokes what a partner's key made, of whatever
// merchants. Records whose time is over are removed for all merchants.
const known =
  /\/\* (access\.(findApiKey|findCustomerSession|saveKeyUses)|operator\.revokePartnerKey|idempotency\.deleteExpired) \*\//;

/** The statements that touch a merchant's table and do not say which merchant's rows they mean. */
export function withoutMerchant(statements) {
  return statements.filter(
    (text) => merchantsTables.test(text) && !namesMerchant.test(text) && !known.test(text),
  );
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
