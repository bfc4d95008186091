import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.js';
import { sql } from '../db/sql.js';
import type { WrappedMerchantKey } from '../sealing/keyring.js';

/** A merchant's wrapped key and whose it is. */
export interface OwnedKey extends WrappedMerchantKey {
  readonly merchantId: string;
}

// Any number that nothing else locks: two operators must not change the key file at once.
const KEY_FILE_LOCK = 7_286_002;
const FILE_CHANGE_MS = 20_000;
const ASK_AGAIN_MS = 50;

/** Does something to the key file while nobody else does; waits its turn. */
export async function whileKeyFileIsLocked<Value>(db: Database, work: () => Promise<Value>): Promise<Value> {
  return db.models((prisma) =>
    prisma.$transaction(
      async (tx) => {
        // Asked again and again: a statement that waited would be cut off by the connection's own time limits.
        for (;;) {
          const [row] = await tx.$queryRaw<{ locked: boolean }[]>(
            sql`select pg_try_advisory_xact_lock(${KEY_FILE_LOCK}) as locked`,
          );
          if (row?.locked) return work();
          await sleep(ASK_AGAIN_MS);
        }
      },
      { timeout: FILE_CHANGE_MS },
    ),
  );
}

/** How many merchants' keys each key-encryption key has wrapped, by its id. */
export async function countByKeyEncryptionKey(db: Database): Promise<Map<string, number>> {
  const groups = await db.models((prisma) =>
    prisma.merchantKey.groupBy({ by: ['keyEncryptionKeyId'], _count: { _all: true } }),
  );
  return new Map(groups.map(({ keyEncryptionKeyId, _count }) => [keyEncryptionKeyId, _count._all]));
}

/** Some of the merchants' keys that hang on other key-encryption keys than this one. */
export async function listKeysNotWrappedWith(
  db: Database,
  kekId: string,
  limit: number,
): Promise<OwnedKey[]> {
  const rows = await db.models((prisma) =>
    prisma.merchantKey.findMany({ where: { keyEncryptionKeyId: { not: kekId } }, take: limit }),
  );
  return rows.map(({ merchantId, keyId, keyEncryptionKeyId, wrapped, isCurrent }) => ({
    merchantId,
    keyId,
    kekId: keyEncryptionKeyId,
    wrapped,
    current: isCurrent,
  }));
}

/** Replaces how a merchant's key is wrapped, unless somebody has done so since it was read. */
export async function saveRewrapped(
  db: Database,
  { merchantId, keyId, kekId: from }: OwnedKey,
  { kekId, wrapped }: WrappedMerchantKey,
): Promise<void> {
  await db.models((prisma) =>
    prisma.merchantKey.updateMany({
      where: { merchantId, keyId, keyEncryptionKeyId: from },
      data: { keyEncryptionKeyId: kekId, wrapped },
    }),
  );
}
