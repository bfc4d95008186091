import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId } from '../shared/id.js';

/** The customer that an address or a payment method belongs to; null when there is none. */
export async function findOwnerOf(
  db: Queries,
  { id: merchantId }: MerchantScope,
  id: string,
): Promise<CustomerId | null> {
  const [row] = await db.read<{ customer_id: CustomerId }>(
    sql`select /* turns.findOwner */ customer_id from addresses where merchant_id = ${merchantId} and id = ${id}
      union all
      select customer_id from payment_methods where merchant_id = ${merchantId} and id = ${id}`,
  );
  return row?.customer_id ?? null;
}
