import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';

/** The minute in which a key was last used. */
export interface KeyUse {
  /** Null for a partner's key. */
  readonly merchantId: string | null;
  readonly id: string;
  readonly at: Date;
}

/** Writes the last uses of many keys in one statement. A later one that another server wrote stays. */
export async function saveKeyUses(db: Queries, uses: readonly KeyUse[]): Promise<void> {
  const ids = uses.map(({ id }) => id);
  const merchantIds = uses.map(({ merchantId }) => merchantId);
  const times = uses.map(({ at }) => at.toISOString());
  await db.write(sql`with /* access.saveKeyUses */ uses as (
      select * from unnest(${merchantIds}::text[], ${ids}::text[], ${times}::timestamptz[]) as u (merchant_id, id, at)
    ),
    own as (
      update api_keys k set last_used_at = u.at from uses u
      where k.merchant_id = u.merchant_id and k.id = u.id and coalesce(k.last_used_at < u.at, true)
    )
    update partner_keys k set last_used_at = u.at from uses u
    where u.merchant_id is null and k.id = u.id and coalesce(k.last_used_at < u.at, true)
    returning k.id`);
}
