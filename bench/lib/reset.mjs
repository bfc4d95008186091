import { withClient } from './cluster.mjs';

/** Everything of the data was made before, everything that a run makes after this instant. */
const SINCE = `'2026-01-02'`;

const undo = {
  vault: [
    `delete from customers where created_at > ${SINCE}`,
    `delete from payment_methods where linked_at > ${SINCE}`,
    `delete from linked_tokens where linked_at > ${SINCE}`,
    'truncate idempotency_records',
    `update customers set version = 3, updated_at = created_at + interval '2 minutes' where updated_at > ${SINCE}`,
  ],
  plain: [
    `delete from customers where created_at > ${SINCE}`,
    `delete from payment_methods where linked_at > ${SINCE}`,
    `update customers set version = 3, updated_at = created_at + interval '2 minutes' where updated_at > ${SINCE}`,
  ],
};

/** Takes away what runs have written, so that the next one finds what the first one found. */
export async function reset({ vaultUrl, plainUrl }) {
  await Promise.all([undoIn(vaultUrl, undo.vault), undoIn(plainUrl, undo.plain)]);
}

async function undoIn(url, statements) {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  });
}
