import type { Customer } from '../customers/customer.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import { jsonRows } from '../read-plan/columns.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PaymentToken } from '../shared/id.js';
import type { PaymentMethod } from './payment-method.js';
import { isUsable } from './payment-method-filter.repository.js';
import type { PaymentTokenResolution } from './payment-token-resolution.js';

/** What a resolution shows; no alternatives are read where null stands. */
export interface ResolutionPlan {
  readonly customer: ReadPlan<Customer>;
  readonly paymentMethod: ReadPlan<PaymentMethod>;
  readonly alternatives: ReadPlan<PaymentMethod> | null;
}

type ResolutionRow = Row & {
  readonly kind: PaymentTokenResolution['kind'];
  readonly payment_method: string | null;
  readonly alternatives: string | null;
};

const MAX_ALTERNATIVES = 10;
/** So many are looked at, the newest first: a payment must not wait for a customer with 100,000 expired cards. */
const MOST_EXAMINED = 500;

/** Both kinds of token are looked up, and what they stand for is read, in one statement. */
export async function findResolution(
  db: Queries,
  merchant: MerchantScope,
  { token, now }: { readonly token: PaymentToken; readonly now: Date },
  { customer: customerPlan, paymentMethod: methodPlan, alternatives: others }: ResolutionPlan,
): Promise<PaymentTokenResolution | null> {
  const [row] = await db.read<ResolutionRow>(sql`with /* payment-methods.resolve */ target as (
      select 'CUSTOMER' as kind, c.id as customer_id, c.default_payment_method_id as payment_method_id
      from customers c where c.merchant_id = ${merchant.id} and c.token = ${token}::uuid
      union all
      select 'PAYMENT_METHOD', p.customer_id, p.id
      from payment_methods p where p.merchant_id = ${merchant.id} and p.token = ${token}::uuid
    )
    select t.kind, ${customerPlan.columns(merchant)}, (
        select ${methodPlan.json(merchant)} from payment_methods p
        where p.merchant_id = ${merchant.id} and p.id = t.payment_method_id
      ) as payment_method,
      ${others ? alternativesOf(merchant, others, now) : sql`null`} as alternatives
    from target t join customers c on c.merchant_id = ${merchant.id} and c.id = t.customer_id`);
  if (!row) return null;
  const customer = customerPlan.read(row, merchant);
  return {
    kind: row.kind,
    customer,
    paymentMethod: row.payment_method
      ? methodPlan.read(JSON.parse(row.payment_method), merchant, customer)
      : null,
    alternatives: row.alternatives
      ? (others?.readBelow(JSON.parse(row.alternatives), merchant, customer) ?? [])
      : [],
  };
}

function alternativesOf(merchant: MerchantScope, plan: ReadPlan<PaymentMethod>, now: Date): Sql {
  const newest = sql`select p.* from payment_methods p
    where p.merchant_id = ${merchant.id} and p.customer_id = c.id and p.id is distinct from t.payment_method_id
    order by p.linked_at desc, p.id desc limit ${MOST_EXAMINED}`;
  return sql`${jsonRows(sql`select ${plan.columnsBelow(merchant)} from (${newest}) p
    where ${isUsable(now)}
    order by p.linked_at desc, p.id desc limit ${MAX_ALTERNATIVES}`)}::text`;
}
