import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/** Of one call under an idempotency key: keyed hashes, 32 bytes each. */
export interface CallHashes {
  readonly key: Buffer;
  readonly arguments: Buffer;
}

/** What is kept of a payload, by field: ids of objects, ids, flags. */
export type KeptResult = Readonly<Record<string, string | boolean | null>>;

/** How many records one statement removes, so that none of them takes long or holds many rows. */
const BATCH = 500;
const lifetime = sql`interval '24 hours'`;

/**
 * Takes the key for this transaction; false when another transaction has it. It is a lock of PostgreSQL's own, which
 * ends with the transaction whatever becomes of this process, so that no key can stay taken.
 */
export async function tryLockKey(transaction: Queries, { key }: CallHashes): Promise<boolean> {
  const number = key.readBigInt64BE(0).toString();
  const [row] = await transaction.read<{ locked: boolean }>(
    sql`select /* idempotency.lock */ pg_try_advisory_xact_lock(${number}::bigint) as locked`,
  );
  return row?.locked === true;
}

/** What was carried out under the key in the last 24 hours, and whether with the same arguments. */
export async function findRecord(
  db: Queries,
  merchant: MerchantScope,
  hashes: CallHashes,
): Promise<{ readonly same: boolean; readonly result: KeptResult } | null> {
  const [row] = await db.read<{ same: boolean; result: KeptResult }>(
    sql`select /* idempotency.find */ arguments_hash = ${hashes.arguments} as same, result from idempotency_records
    where merchant_id = ${merchant.id} and key_hash = ${hashes.key} and created_at > now() - ${lifetime}`,
  );
  return row ?? null;
}

/** Keeps what was carried out under the key, in place of a record whose time is over. */
export async function insertRecord(
  transaction: Queries,
  merchant: MerchantScope,
  hashes: CallHashes,
  result: KeptResult,
): Promise<void> {
  const rows = await transaction.write(
    sql`insert /* idempotency.insert */ into idempotency_records (merchant_id, key_hash, arguments_hash, result)
    values (${merchant.id}, ${hashes.key}, ${hashes.arguments}, ${JSON.stringify(result)}::jsonb)
    on conflict (merchant_id, key_hash) do update
      set arguments_hash = excluded.arguments_hash, result = excluded.result, created_at = excluded.created_at
      where idempotency_records.created_at <= now() - ${lifetime}
    returning created_at`,
  );
  if (rows.length === 0) throw new Error('A record appeared under a key that this transaction had locked.');
}

/** Removes up to 500 records whose time is over, of all merchants; resolves to how many it removed. */
export async function deleteExpiredRecords(db: Queries): Promise<number> {
  const rows = await db.write(
    sql`delete /* idempotency.deleteExpired */ from idempotency_records r using (
      select merchant_id, key_hash from idempotency_records
      where created_at <= now() - ${lifetime} order by created_at limit ${BATCH} for update skip locked
    ) expired
    where r.merchant_id = expired.merchant_id and r.key_hash = expired.key_hash
    returning created_at`,
  );
  return rows.length;
}
