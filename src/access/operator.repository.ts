import type { Database } from '../db/database.js';
import type { Mode, Scope } from './scopes.js';

// What the operator's command line reads and writes; no request comes here.

export interface PartnerRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

// Ids of one second, made by several processes, are in no order.
const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

export async function insertPartner(db: Database, partner: PartnerRecord): Promise<void> {
  await db.cold((prisma) => prisma.partner.create({ data: partner }));
}

export async function findPartner(db: Database, id: string): Promise<PartnerRecord | null> {
  return db.cold((prisma) => prisma.partner.findUnique({ where: { id } }));
}

export async function listPartners(db: Database): Promise<PartnerRecord[]> {
  return db.cold((prisma) => prisma.partner.findMany({ orderBy: oldestFirst }));
}

export interface MerchantRecord {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly partnerId: string | null;
  readonly createdAt: Date;
}

export async function listMerchants(db: Database): Promise<MerchantRecord[]> {
  const rows = await db.cold((prisma) => prisma.merchant.findMany({ orderBy: oldestFirst }));
  return rows.map((row) => ({ ...row, mode: row.mode as Mode }));
}

export async function findMerchant(db: Database, id: string): Promise<MerchantRecord | null> {
  const row = await db.cold((prisma) => prisma.merchant.findUnique({ where: { id } }));
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
  await db.cold((prisma) => prisma.partnerKey.create({ data: key }));
}

export async function insertMerchantKey(
  db: Database,
  key: NewKey & { readonly merchantId: string },
): Promise<void> {
  await db.cold((prisma) => prisma.apiKey.create({ data: key }));
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
}

/** Whose keys: a merchant's or a partner's. */
export type KeysOwner = { readonly merchantId: string } | { readonly partnerId: string };

const omit = { secretHash: true, oldHash: true, oldUntil: true } as const;

export async function listKeys(db: Database, owner: KeysOwner): Promise<KeyRecord[]> {
  return db.cold<KeyRecord[]>((prisma) =>
    'merchantId' in owner
      ? prisma.apiKey.findMany({ where: owner, omit, orderBy: oldestFirst })
      : prisma.partnerKey.findMany({ where: owner, omit, orderBy: oldestFirst }),
  );
}

/** Revokes a key; false when the owner has none with this id. One that was revoked before stays as it is. */
export async function revokeKey(db: Database, owner: KeysOwner, id: string, at: Date): Promise<boolean> {
  return db.cold(async (prisma) => {
    const data = { revokedAt: at };
    const where = { ...owner, id, revokedAt: null };
    const [changed, known] =
      'merchantId' in owner
        ? [
            await prisma.apiKey.updateMany({ where: { ...where, ...owner }, data }),
            await prisma.apiKey.count({ where: { ...owner, id } }),
          ]
        : [
            await prisma.partnerKey.updateMany({ where: { ...where, ...owner }, data }),
            await prisma.partnerKey.count({ where: { ...owner, id } }),
          ];
    return changed.count + known > 0;
  });
}
