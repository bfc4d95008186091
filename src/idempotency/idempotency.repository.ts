import type { Queries, Transaction } from '../db/queries.js';
import { grows, sql } from '../db/sql.js';
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

/** What is kept under a key, and whether with the same arguments. */
export interface KeptRecord {
  readonly same: boolean;
  readonly result: KeptResult;
  /** Whether its 24 hours are over, so that the key counts as new. */
  readonly isOver: boolean;
}

/**
 * Takes the key for this transaction and looks up what is kept under it, in one round trip; `isLocked` is false when
 * another transaction has the key. It is a lock of PostgreSQL's own, which ends with the transaction whatever becomes
 * of this process, so that no key can stay taken.
 */
export async function lockKey(
  transaction: Transaction,
  merchant: MerchantScope,
  hashes: CallHashes,
): Promise<{ readonly isLocked: boolean; readonly record: KeptRecord | null }> {
  const number = hashes.key.readBigInt64BE(0).toString();
  // Two statements: the second begins after the lock was got, and sees what its last holder committed.
  const [locks, records] = await transaction.readAll([
    sql`select /* idempotency.lock */ pg_try_advisory_xact_lock(${number}::bigint) as is_locked`,
    sql`select /* idempotency.find */ arguments_hash = ${hashes.arguments} as same, result,
        created_at <= now() - ${lifetime} as is_over
      from idempotency_records where merchant_id = ${merchant.id} and key_hash = ${hashes.key}`,
  ]);
  const [lock] = locks as readonly { is_locked: boolean }[];
  const [found] = records as readonly { same: boolean; result: KeptResult; is_over: boolean }[];
  const record = found ? { same: found.same, result: found.result, isOver: found.is_over } : null;
  return { isLocked: lock?.is_locked === true, record };
}

/**
 * Keeps what was carried out under the key, along with the commit; `replaces` a record whose time is over. A record
 * that appeared in between, under a lock that another server took elsewhere, is a conflict.
 */
export function insertRecord(
  transaction: Transaction,
  merchant: MerchantScope,
  hashes: CallHashes,
  { result, replaces }: { readonly result: KeptResult; readonly replaces: boolean },
): void {
  // Asked again: a call that was carried out elsewhere may have replaced it, and then its record stays.
  const old = sql`delete /* idempotency.replace */ from idempotency_records
    where merchant_id = ${merchant.id} and key_hash = ${hashes.key} and created_at <= now() - ${lifetime}`;
  if (replaces) transaction.beforeCommit(old);
  transaction.beforeCommit(
    sql`insert /* idempotency.insert */ into idempotency_records (merchant_id, key_hash, arguments_hash, result)
      values (${merchant.id}, ${hashes.key}, ${hashes.arguments}, ${JSON.stringify(result)}::jsonb)`,
  );
}

/** Removes up to 500 records whose time is over, each merchant's by themselves; resolves to how many it removed. */
export async function deleteExpiredRecords(db: Queries): Promise<number> {
  const expired = await db.read<{ merchant_id: string; hashes: string[] }>(
    sql`select /* idempotency.listExpired */ ${grows}merchant_id, array_agg(key_hash::text) as hashes
    from (
      select merchant_id, key_hash from idempotency_records
      where created_at <= now() - ${lifetime} order by created_at limit ${BATCH}
    ) expired group by merchant_id`,
  );
  let removed = 0;
  for (const { merchant_id: merchantId, hashes } of expired) {
    // Asked again: another call may have been carried out under the key since.
    const rows = await db.write(
      sql`delete /* idempotency.deleteExpired */ from idempotency_records
      where merchant_id = ${merchantId} and key_hash = any (${hashes}::bytea[])
        and created_at <= now() - ${lifetime}
      returning created_at`,
    );
    removed += rows.length;
  }
  return removed;
}
