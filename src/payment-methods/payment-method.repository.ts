import type { Customer } from '../customers/customer.js';
import { isWithinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { NodeOwner, NodeSearch, PlanOf } from '../nodes/node.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import type { PaymentMethod, PaymentMethodSecrets } from './payment-method.js';
import { paymentMethodNoun, placeOf, wholePaymentMethod } from './payment-method.read-plan.js';

/** What finds one payment method within a merchant. */
export type PaymentMethodKey = { readonly id: PaymentMethodId } | { readonly token: PaymentToken };

/** A payment method that was read together with its customer. */
export type MethodOfCustomer = PaymentMethod & { readonly customer: Customer };

export async function findPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  key: PaymentMethodKey,
  plan: ReadPlan<PaymentMethod>,
): Promise<PaymentMethod | null> {
  const isMeant = 'id' in key ? sql`p.id = ${key.id}` : sql`p.token = ${key.token}::uuid`;
  const [row] = await db.read<Row>(sql`select /* payment-methods.find */ ${plan.columns(merchant)}
    from payment_methods p join customers c on c.merchant_id = ${merchant.id} and c.id = p.customer_id
    where p.merchant_id = ${merchant.id} and ${isMeant} and ${isWithinReach(merchant)}`);
  return row ? plan.read(row, merchant) : null;
}

/** A payment method whole, with its customer by a plan, at the least its version. */
export async function findWithCustomer(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  customer: ReadPlan<Customer>,
): Promise<MethodOfCustomer | null> {
  const found = await findPaymentMethod(db, merchant, { id }, wholePaymentMethod(customer.with('version')));
  return found as MethodOfCustomer | null;
}

/** Seals what of a customer's payment method is secret. */
export function sealPaymentMethod(
  { vault }: MerchantScope,
  { id, customerId }: { readonly id: PaymentMethodId; readonly customerId: CustomerId },
  secrets: PaymentMethodSecrets,
): Buffer {
  return vault.seal(placeOf(customerId, id), secrets);
}

/** Payment methods by their ids, whatever else has ids. */
export function paymentMethodNodes(
  { merchant }: NodeOwner,
  ids: readonly string[],
  planOf: PlanOf,
): NodeSearch {
  const plan = planOf(paymentMethodNoun);
  return {
    object: plan.json(merchant),
    from: sql`payment_methods p join customers c on c.merchant_id = ${merchant.id} and c.id = p.customer_id
      where p.merchant_id = ${merchant.id} and p.id = any (${ids}::text[]) and ${isWithinReach(merchant)}`,
    read: (row) => plan.read(row, merchant),
  };
}
