import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';

/** The minute in which a key was last used. */
export interface KeyUse {
  /** Null for a partner's key. */
  readonly merchantId: string | null;
  readonly id: string;
  readonly at: Date;
}

/** Writes the last uses of many keys, merchants' and partners' apart. A later one that another server wrote stays. */
export async function saveKeyUses(db: Queries, uses: readonly KeyUse[]): Promise<void> {
  const [own, partners] = [uses.filter(isMerchants), uses.filter((use) => !isMerchants(use))];
  if (own.length > 0) {
    await db.write(sql`update /* access.saveKeyUses */ api_keys k set last_used_at = u.at
      from unnest(
        ${own.map(({ merchantId }) => merchantId)}::text[], ${idsOf(own)}::text[], ${timesOf(own)}::timestamptz[]
      ) as u (merchant_id, id, at)
      where k.merchant_id = u.merchant_id and k.id = u.id and coalesce(k.last_used_at < u.at, true)
      returning k.id`);
  }
  if (partners.length > 0) {
    await db.write(sql`update /* access.savePartnerKeyUses */ partner_keys k set last_used_at = u.at
      from unnest(${idsOf(partners)}::text[], ${timesOf(partners)}::timestamptz[]) as u (id, at)
      where k.id = u.id and coalesce(k.last_used_at < u.at, true)
      returning k.id`);
  }
}

function isMerchants({ merchantId }: KeyUse): boolean {
  return merchantId !== null;
}

function idsOf(uses: readonly KeyUse[]): string[] {
  return uses.map(({ id }) => id);
}

function timesOf(uses: readonly KeyUse[]): string[] {
  return uses.map(({ at }) => at.toISOString());
}
