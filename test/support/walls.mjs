// The walls between merchants, shown over every statement that the suite has run: pg_stat_statements remembers them.
import pg from 'pg';
import { stray } from './merchant-constants.mjs';

/** The statements that mean rows of more merchants than one, each with its reason. */
const overMerchants = [
  [
    /\/\* access\.find(ApiKey|Session)ById \*\//,
    'credentials from before they named merchants; guesses, together',
  ],
  [
    /\/\* access\.saveKeyUses \*\//,
    'the last uses of keys of many merchants are written at once, beside requests',
  ],
  [
    /\/\* (access\.revokeMadeBy|operator\.revoke)PartnerKey \*\//,
    "a partner's key makes keys of many merchants",
  ],
  [/\/\* idempotency\.listExpired \*\//, "whose records are over; each merchant's are deleted by themselves"],
  [
    /"merchant_keys" WHERE "public"\."merchant_keys"\."key_encryption_key_id" <> \$1/,
    'rotation: what is left',
  ],
  [
    /^SELECT (?!.*merchant_id" =).* FROM "public"\."merchant_keys" WHERE \$2=\$3/,
    'key-encryption keys in use',
  ],
];

/**
 * The statements with something that could not go to the one place of a merchant's rows, by their names: which
 * relations have no constant merchant, and the beginning of one such statement.
 */
export function withoutMerchant(statements) {
  const found = new Map();
  for (const text of statements) {
    if (overMerchants.some(([pattern]) => pattern.test(text))) continue;
    const relations = stray(text);
    if (relations.length === 0) continue;
    const name = /\/\* ([a-z-]+\.\w+) \*\//.exec(text)?.[1] ?? text;
    const known = found.get(name)?.relations ?? [];
    found.set(name, { relations: [...new Set([...known, ...relations])].sort(), text });
  }
  return [...found].map(([name, { relations, text }]) => ({ name, relations, text: text.slice(0, 1_000) }));
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
