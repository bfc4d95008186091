import { packedCustomer, readCustomer } from '../customers/customer.repository.js';
import { levelOf } from '../db/layout.js';
import { cellsOf, type Level, packedRow, packedRows, rowsOf } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { Wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PaymentToken } from '../shared/id.js';
import { packedPaymentMethod, readPaymentMethod } from './payment-method.repository.js';
import { isUsable } from './payment-method-filter.repository.js';
import type { PaymentTokenResolution } from './payment-token-resolution.js';

/** What is asked of a resolution; no alternatives are read where null stands. */
export interface WantedResolution {
  readonly customer: Wants;
  readonly paymentMethod: Wants;
  readonly alternatives: Wants | null;
}

const MAX_ALTERNATIVES = 10;

/** Both kinds of token are looked up, and what they stand for is read, in one statement. */
export async function findResolution(
  db: Queries,
  merchant: MerchantScope,
  { token, now }: { readonly token: PaymentToken; readonly now: Date },
  wanted: WantedResolution,
): Promise<PaymentTokenResolution | null> {
  const parts = [
    sql`t.kind`,
    packedCustomer(wanted.customer),
    methodOf(wanted.paymentMethod),
    wanted.alternatives ? alternatives(wanted.alternatives, now) : sql`null`,
  ];
  const [row] = await db.read<string>(sql`with /* payment-methods.resolve */ target as (
      select 'CUSTOMER' as kind, c.id as customer_id, c.default_payment_method_id as payment_method_id
      from customers c where c.merchant_id = ${merchant.id} and c.token = ${token}::uuid
      union all
      select 'PAYMENT_METHOD', p.customer_id, p.id
      from payment_methods p where p.merchant_id = ${merchant.id} and p.token = ${token}::uuid
    )
    select ${packedRow(parts, levelOfResolution(wanted))} as row
    from target t join customers c on c.merchant_id = ${merchant.id} and c.id = t.customer_id`);
  return row ? readResolution(merchant, row, wanted) : null;
}

/** Above all that lies in it. */
function levelOfResolution({ customer }: WantedResolution): Level {
  // The methods lead back to the customer and hold nothing more.
  return levelOf(customer) + 1;
}

function methodOf(wanted: Wants): Sql {
  return sql`(
    select ${packedPaymentMethod(wanted)}
    from payment_methods p where p.merchant_id = c.merchant_id and p.id = t.payment_method_id
  )`;
}

function alternatives(wanted: Wants, now: Date): Sql {
  const usable = sql`(
    select p.* from payment_methods p
    where p.merchant_id = c.merchant_id and p.customer_id = c.id
      and p.id is distinct from t.payment_method_id and ${isUsable(now)}
    order by p.linked_at desc, p.id desc limit ${MAX_ALTERNATIVES}
  ) p`;
  return packedRows(packedPaymentMethod(wanted), usable, levelOf(wanted));
}

function readResolution(
  merchant: MerchantScope,
  row: string,
  wanted: WantedResolution,
): PaymentTokenResolution {
  const cells = cellsOf(row, levelOfResolution(wanted));
  const [kind, ofCustomer = '', ofMethod = '', ofAlternatives = ''] = cells;
  const customer = readCustomer(merchant, ofCustomer, wanted.customer);
  const read = (packed: string, wants: Wants) => readPaymentMethod(merchant, packed, wants, customer);
  const others = wanted.alternatives ?? wanted.paymentMethod;
  return {
    kind: kind as PaymentTokenResolution['kind'],
    customer,
    paymentMethod: ofMethod === '' ? null : read(ofMethod, wanted.paymentMethod),
    alternatives: rowsOf(ofAlternatives, levelOf(others)).map((packed) => read(packed, others)),
  };
}
