import { allOf, type Sql, sql } from '../db/sql.js';
import type { Condition } from '../read-plan/planner.js';
import { earliestMonth } from '../shared/expiry.js';
import type { PaymentMethodFilter } from './payment-method-filter.js';

/** The conditions as SQL over the alias `p`; none for an empty filter. */
export function conditionsOf(filter: PaymentMethodFilter): Sql[] {
  const { type, brand, lastFour, expiresBefore, usable } = filter;
  const conditions: Sql[] = [];
  if (type !== undefined) conditions.push(sql`p.type = ${type}`);
  if (brand !== undefined) conditions.push(sql`p.brand = ${brand}`);
  if (lastFour !== undefined) conditions.push(sql`p.last_four = ${lastFour}`);
  if (expiresBefore !== undefined) {
    conditions.push(sql`(p.expiry_year, p.expiry_month) < (${expiresBefore.year}, ${expiresBefore.month})`);
  }
  if (usable !== undefined) conditions.push(sql`${isUsable(usable.now)} = ${usable.is}`);
  return conditions;
}

/** Whether the customer `c` has a payment method that meets the filter. */
export function hasPaymentMethod(filter: PaymentMethodFilter): Condition {
  return ({ id }) => {
    const ofCustomer = sql`p.merchant_id = ${id} and p.customer_id = c.id`;
    return sql`exists (select from payment_methods p where ${allOf([ofCustomer, ...conditionsOf(filter)])})`;
  };
}

/** Whether a payment could use the method `p` at this moment: `unusableReasonOf`, as SQL. */
export function isUsable(now: Date): Sql {
  const { year, month } = earliestMonth(now);
  return sql`(case p.type when 'CARD' then (p.expiry_year, p.expiry_month) >= (${year}, ${month}) else p.verified end)`;
}
