import { packedCustomer, readCustomer } from '../customers/customer.repository.js';
import {
  noRows,
  type PackedReader,
  packedOptional,
  packedRow,
  packedRows,
  readPacked,
} from '../db/packed.js';
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
/** So many are looked at, the newest first: a payment must not wait for a customer with 100,000 expired cards. */
const MOST_EXAMINED = 500;

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
    wanted.alternatives ? alternatives(wanted.alternatives, now) : noRows,
  ];
  const [row] = await db.read<{ row: string }>(sql`with /* payment-methods.resolve */ target as (
      select 'CUSTOMER' as kind, c.id as customer_id, c.default_payment_method_id as payment_method_id
      from customers c where c.merchant_id = ${merchant.id} and c.token = ${token}::uuid
      union all
      select 'PAYMENT_METHOD', p.customer_id, p.id
      from payment_methods p where p.merchant_id = ${merchant.id} and p.token = ${token}::uuid
    )
    select ${packedRow(parts)} as row
    from target t join customers c on c.merchant_id = ${merchant.id} and c.id = t.customer_id`);
  return row ? readPacked(row.row, (reader) => readResolution(merchant, reader, wanted)) : null;
}

function methodOf(wanted: Wants): Sql {
  const isMeant = sql`payment_methods p where p.merchant_id = c.merchant_id and p.id = t.payment_method_id`;
  return packedOptional(packedPaymentMethod(wanted), isMeant);
}

function alternatives(wanted: Wants, now: Date): Sql {
  const usable = sql`(
    select p.* from (
      select p.* from payment_methods p
      where p.merchant_id = c.merchant_id and p.customer_id = c.id and p.id is distinct from t.payment_method_id
      order by p.linked_at desc, p.id desc limit ${MOST_EXAMINED}
    ) p
    where ${isUsable(now)}
    order by p.linked_at desc, p.id desc limit ${MAX_ALTERNATIVES}
  ) p`;
  return packedRows(packedPaymentMethod(wanted), usable);
}

function readResolution(
  merchant: MerchantScope,
  reader: PackedReader,
  wanted: WantedResolution,
): PaymentTokenResolution {
  const kind = reader.next() as PaymentTokenResolution['kind'];
  const customer = readCustomer(merchant, reader, wanted.customer);
  const read = (wants: Wants) => () => readPaymentMethod(merchant, reader, wants, customer);
  const paymentMethod = reader.optional(read(wanted.paymentMethod));
  const alternatives = reader.rows(read(wanted.alternatives ?? wanted.paymentMethod));
  return { kind, customer, paymentMethod, alternatives };
}
