import type { Mode, Scope } from '../access/scopes.js';
import { madeBy, revokeTree } from '../api-keys/key-change.repository.js';
import type { Database } from '../db/database.js';
import { sql } from '../db/sql.js';

// What the operator's command line reads and writes; no request comes here.

export interface PartnerRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

// Ids of one second, made by several processes, are in no order.
const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

export async function insertPartner(db: Database, partner: PartnerRecord): Promise<void> {
  await db.models((prisma) => prisma.partner.create({ data: partner }));
}

export async function findPartner(db: Database, id: string): Promise<PartnerRecord | null> {
  return db.models((prisma) => prisma.partner.findUnique({ where: { id } }));
}

export async function listPartners(db: Database): Promise<PartnerRecord[]> {
  return db.models((prisma) => prisma.partner.findMany({ orderBy: oldestFirst }));
}

export interface MerchantRecord {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly partnerId: string | null;
  readonly createdAt: Date;
}

export async function listMerchants(db: Database): Promise<MerchantRecord[]> {
  const rows = await db.models((prisma) => prisma.merchant.findMany({ orderBy: oldestFirst }));
  return rows.map((row) => ({ ...row, mode: row.mode as Mode }));
}

export async function findMerchant(db: Database, id: string): Promise<MerchantRecord | null> {
  const row = await db.models((prisma) => prisma.merchant.findUnique({ where: { id } }));
  return row && { ...row, mode: row.mode as Mode };
}

/** A key of a merchant or a partner, as the operator makes it. */
interface NewKey {
  readonly id: string;
  readonly label: string;
  readonly preview: string;
  readonly secretHash: Buffer<ArrayBuffer>;
  readonly scopes: Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

export async function insertPartnerKey(
  db: Database,
  key: NewKey & { readonly partnerId: string; readonly mode: Mode },
): Promise<void> {
  await db.models((prisma) => prisma.partnerKey.create({ data: key }));
}

export async function insertMerchantKey(
  db: Database,
  key: NewKey & { readonly merchantId: string },
): Promise<void> {
  await db.models((prisma) => prisma.apiKey.create({ data: key }));
}

/** A key without its hashes. */
export interface KeyRecord {
  readonly id: string;
  readonly label: string;
  readonly preview: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** The key that made it; null where an operator did. */
  readonly createdBy: string | null;
}

/** Whose keys: a merchant's or a partner's. */
export type KeysOwner = { readonly merchantId: string } | { readonly partnerId: string };

const omit = { secretHash: true, oldHash: true, oldUntil: true, secretVersion: true } as const;

export async function listKeys(db: Database, owner: KeysOwner): Promise<KeyRecord[]> {
  return db.models<KeyRecord[]>(async (prisma) => {
    if ('partnerId' in owner) {
      const rows = await prisma.partnerKey.findMany({ where: owner, omit, orderBy: oldestFirst });
      return rows.map((row) => ({ ...row, createdBy: null }));
    }
    const rows = await prisma.apiKey.findMany({ where: owner, omit, orderBy: oldestFirst });
    return rows.map(({ createdByKeyId, createdByPartnerKeyId, ...row }) => ({
      ...row,
      createdBy: createdByKeyId ?? createdByPartnerKeyId,
    }));
  });
}

/** Which key to revoke, and whether those that it made go along, and those that these made. */
export interface Revocation {
  readonly id: string;
  readonly andDescendants: boolean;
  readonly at: Date;
}

/**
 * Revokes a key; gives the ids of those that were revoked now, or null when the owner has none with this id. One that
 * was revoked before stays as it is. What a partner's key made goes along wherever it is.
 */
export async function revokeKey(
  db: Database,
  owner: KeysOwner,
  { id, andDescendants, at }: Revocation,
): Promise<string[] | null> {
  const merchantId = 'merchantId' in owner ? owner.merchantId : null;
  const [name, table, whose, made] =
    'merchantId' in owner
      ? ([
          sql`/* operator.revokeKey */`,
          sql`api_keys`,
          sql`merchant_id = ${owner.merchantId}`,
          madeBy(owner.merchantId, id),
        ] as const)
      : ([
          sql`/* operator.revokePartnerKey */`,
          sql`partner_keys`,
          sql`partner_id = ${owner.partnerId}`,
          sql`select k.merchant_id, k.id, k.revoked_at from api_keys k where k.created_by_partner_key_id = ${id}`,
        ] as const);
  return db.transaction(async (transaction) => {
    const [known] = await transaction.write(
      sql`select ${name} id from ${table} where ${whose} and id = ${id} for no key update`,
    );
    if (known === undefined) return null;
    const own = await transaction.write<{ id: string }>(
      sql`update ${table} ${name} set revoked_at = ${at}
        where ${whose} and id = ${id} and revoked_at is null returning id`,
    );
    const ids = own.map((key) => key.id);
    return andDescendants
      ? [...ids, ...(await revokeTree(transaction, { name, merchantId, made, at }))]
      : ids;
  });
}
