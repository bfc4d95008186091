import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { NodeOwner, NodeSearch, PlanOf } from '../nodes/node.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import type { Customer } from './customer.js';
import { customerNoun } from './customer.read-plan.js';

/** What finds one customer within a merchant. */
export type CustomerKey =
  | { readonly id: CustomerId }
  | { readonly token: PaymentToken }
  | { readonly reference: string };

export async function findCustomer(
  db: Queries,
  merchant: MerchantScope,
  key: CustomerKey,
  plan: ReadPlan<Customer>,
): Promise<Customer | null> {
  const [row] = await db.read<Row>(sql`select /* customers.find */ ${plan.columns(merchant)}
    from customers c
    where c.merchant_id = ${merchant.id} and ${isCustomer(merchant, key)} and ${isWithinReach(merchant)}`);
  return row ? plan.read(row, merchant) : null;
}

/** Whether the customer `c` is the one of a customer session; always true for a key. */
export function isWithinReach({ onlyCustomer }: MerchantScope): Sql {
  return onlyCustomer === null ? sql`true` : sql`c.id = ${onlyCustomer}`;
}

function isCustomer(merchant: MerchantScope, key: CustomerKey): Sql {
  if ('id' in key) return sql`c.id = ${key.id}`;
  if ('token' in key) return sql`c.token = ${key.token}::uuid`;
  return sql`c.reference_hash = ${merchant.vault.hash('reference', key.reference)}`;
}

/** Customers by their ids, whatever else has ids. */
export function customerNodes({ merchant }: NodeOwner, ids: readonly string[], planOf: PlanOf): NodeSearch {
  const plan = planOf(customerNoun);
  return {
    object: plan.json(merchant),
    from: sql`customers c
      where c.merchant_id = ${merchant.id} and c.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`,
    read: (row) => plan.read(row, merchant),
  };
}
