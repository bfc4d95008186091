import { customerSelection, readCustomer } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { Row, Wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PaymentToken } from '../shared/id.js';
import { paymentMethodSelection, readPaymentMethod } from './payment-method.repository.js';
import { isUsable } from './payment-method-filter.repository.js';
import type { PaymentTokenResolution } from './payment-token-resolution.js';

/** What is asked of a resolution; no alternatives are read where null stands. */
export interface WantedResolution {
  readonly customer: Wants;
  readonly paymentMethod: Wants;
  readonly alternatives: Wants | null;
}

interface ResolutionRow {
  readonly kind: 'CUSTOMER' | 'PAYMENT_METHOD';
  readonly customer: Row;
  readonly payment_method: Row | null;
  readonly alternatives: readonly Row[] | null;
}

const MAX_ALTERNATIVES = 10;

/** Both kinds of token are looked up, and what they stand for is read, in one statement. */
export async function findResolution(
  db: Queries,
  merchant: MerchantScope,
  { token, now }: { readonly token: PaymentToken; readonly now: Date },
  wanted: WantedResolution,
): Promise<PaymentTokenResolution | null> {
  const [row] = await db.read<ResolutionRow>(sql`with /* payment-methods.resolve */ target as (
      select 'CUSTOMER' as kind, c.id as customer_id, c.default_payment_method_id as payment_method_id
      from customers c where c.merchant_id = ${merchant.id} and c.token = ${token}::uuid
      union all
      select 'PAYMENT_METHOD', p.customer_id, p.id
      from payment_methods p where p.merchant_id = ${merchant.id} and p.token = ${token}::uuid
    )
    select row_to_json(r) as row from (
      select t.kind,
        (select row_to_json(x) from (select ${customerSelection(wanted.customer)}) x) as customer,
        (
          select row_to_json(x) from (
            select ${paymentMethodSelection(wanted.paymentMethod)}
            from payment_methods p where p.merchant_id = c.merchant_id and p.id = t.payment_method_id
          ) x
        ) as payment_method,
        ${wanted.alternatives ? alternatives(wanted.alternatives, now) : sql`null`} as alternatives
      from target t join customers c on c.merchant_id = ${merchant.id} and c.id = t.customer_id
    ) r`);
  return row ? readResolution(merchant, row, wanted) : null;
}

function alternatives(wanted: Wants, now: Date): Sql {
  return sql`(
    select coalesce(json_agg(x), '[]'::json) from (
      select ${paymentMethodSelection(wanted)} from payment_methods p
      where p.merchant_id = c.merchant_id and p.customer_id = c.id
        and p.id is distinct from t.payment_method_id and ${isUsable(now)}
      order by p.linked_at desc, p.id desc limit ${MAX_ALTERNATIVES}
    ) x
  )`;
}

function readResolution(
  merchant: MerchantScope,
  row: ResolutionRow,
  wanted: WantedResolution,
): PaymentTokenResolution {
  const customer = readCustomer(merchant, row.customer, wanted.customer);
  const read = (json: Row, wants: Wants) => readPaymentMethod(merchant, json, wants, customer);
  return {
    kind: row.kind,
    customer,
    paymentMethod: row.payment_method && read(row.payment_method, wanted.paymentMethod),
    alternatives: (row.alternatives ?? []).map((json) =>
      read(json, wanted.alternatives ?? wanted.paymentMethod),
    ),
  };
}
