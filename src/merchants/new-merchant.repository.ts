import type { Mode, Scope } from '../access/scopes.js';
import type { Database } from '../db/database.js';
import { sql } from '../db/sql.js';
import type { WrappedMerchantKey } from '../sealing/keyring.js';
import type { MerchantId } from '../shared/id.js';

/** The keys of a merchant, wrapped. */
export async function listWrappedKeys(db: Database, merchantId: string): Promise<WrappedMerchantKey[]> {
  const rows = await db.models((prisma) => prisma.merchantKey.findMany({ where: { merchantId } }));
  return rows.map((row) => ({
    keyId: row.keyId,
    kekId: row.keyEncryptionKeyId,
    wrapped: row.wrapped,
    current: row.isCurrent,
  }));
}

/** A merchant with its first key of each kind. */
export interface NewMerchant {
  readonly id: MerchantId;
  readonly name: string;
  readonly mode: Mode;
  readonly partnerId: string | null;
  readonly createdAt: Date;
  readonly merchantKey: WrappedMerchantKey;
  readonly apiKey: {
    readonly id: string;
    readonly label: string;
    readonly preview: string;
    readonly secretHash: Buffer<ArrayBuffer>;
    readonly scopes: readonly Scope[];
  };
}

// Any number that nothing else locks: two servers that start at once on an empty database make one merchant.
const FIRST_MERCHANT_LOCK = 7_286_001;

export async function insertMerchant(db: Database, merchant: NewMerchant): Promise<void> {
  await db.models((prisma) => prisma.merchant.create({ data: merchantData(merchant) }));
}

/**
 * Inserts a merchant into a database that has none, and runs `beforeCommit` when it did; false when there is one.
 */
export async function insertFirstMerchant(
  db: Database,
  merchant: NewMerchant,
  beforeCommit: () => Promise<void>,
): Promise<boolean> {
  return db.models((prisma) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw(sql`select pg_advisory_xact_lock(${FIRST_MERCHANT_LOCK})`);
      if ((await tx.merchant.count()) > 0) return false;
      await tx.merchant.create({ data: merchantData(merchant) });
      await beforeCommit();
      return true;
    }),
  );
}

/** How many merchants there are, of all partners and modes; for the operator alone. */
export async function countAllMerchants(db: Database): Promise<number> {
  return db.models((prisma) => prisma.merchant.count());
}

function merchantData({ merchantKey, apiKey, ...merchant }: NewMerchant) {
  const { createdAt } = merchant;
  const { keyId, kekId, wrapped, current } = merchantKey;
  return {
    ...merchant,
    keys: { create: { keyId, keyEncryptionKeyId: kekId, wrapped, isCurrent: current, createdAt } },
    apiKeys: { create: { ...apiKey, scopes: [...apiKey.scopes], createdAt } },
  };
}

/** The check values of the key-encryption keys that this database has seen, by the keys' ids. */
export async function listCheckValues(db: Database): Promise<Map<string, Uint8Array>> {
  const rows = await db.models((prisma) => prisma.keyEncryptionKey.findMany());
  return new Map(rows.map(({ id, checkValue }) => [id, checkValue]));
}

/** Remembers a key-encryption key; one that another server has just remembered stays as it is. */
export async function insertCheckValue(
  db: Database,
  { id, checkValue }: { readonly id: string; readonly checkValue: Buffer<ArrayBuffer> },
  createdAt: Date,
): Promise<void> {
  const data = { id, checkValue, createdAt };
  await db.models((prisma) => prisma.keyEncryptionKey.upsert({ where: { id }, create: data, update: {} }));
}

/** The ids of the key-encryption keys that a merchant's key is wrapped with. */
export async function listKeyEncryptionKeysInUse(db: Database): Promise<string[]> {
  const rows = await db.models((prisma) =>
    prisma.merchantKey.findMany({ distinct: ['keyEncryptionKeyId'], select: { keyEncryptionKeyId: true } }),
  );
  return rows.map(({ keyEncryptionKeyId }) => keyEncryptionKeyId);
}
