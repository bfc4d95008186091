import type { Customer } from '../customers/customer.js';
import { packedCustomer, readCustomer } from '../customers/customer.repository.js';
import {
  afterwards,
  type ChangeRow,
  changeOutcome,
  changingCustomer,
} from '../customers/customer-change.repository.js';
import { type PackedReader, readPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { empty, type Sql, sql } from '../db/sql.js';
import type { Wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PaymentMethodId } from '../shared/id.js';
import type { PaymentMethod, PaymentMethodSecrets } from './payment-method.js';
import { packedPaymentMethod, readPaymentMethod, sealPaymentMethod } from './payment-method.repository.js';
import { isUsable } from './payment-method-filter.repository.js';

/** What every change of a payment method is told: what the answer wants, and the version that must still be. */
export interface PaymentMethodChange {
  /** Of the customer. */
  readonly wanted: Wants;
  /** Null: at any version. */
  readonly expectedVersion: number | null;
  readonly at: Date;
}

/** Makes the payment method out of its row, given the customer that it hangs on. */
type PaymentMethodOf = (customer: Customer) => PaymentMethod;

/** Makes a payment method its customer's default. Null: there is no such payment method. */
export async function setDefaultPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  { wanted, wantedOfMethod, ...conditions }: PaymentMethodChange & { readonly wantedOfMethod: Wants },
): Promise<
  (ChangeRow & { readonly was_default: boolean; readonly methodOf: PaymentMethodOf | null }) | null
> {
  const [row] = await db.write<ChangeRow & { was_default: boolean; payment_method: string | null }>(
    sql`${changingCustomer({
      name: sql`/* payment-methods.setDefault */`,
      ...conditions,
      merchant,
      ...ownerOf(id),
      look: empty,
      set: sql`, default_payment_method_id = ${id}`,
      when: sql`c.default_payment_method_id is distinct from ${id}`,
    })}
    select ${changeOutcome(wanted)},
      before.default_payment_method_id is not distinct from ${id} as was_default,
      (
        select ${packedPaymentMethod(wantedOfMethod)}
        from payment_methods p join customer c on c.merchant_id = p.merchant_id and c.id = p.customer_id
        where p.merchant_id = ${merchant.id} and p.id = ${id}
      ) as payment_method
    from before`,
  );
  if (!row) return null;
  const { payment_method: method, ...change } = row;
  const read = (customer: Customer) => (reader: PackedReader) =>
    readPaymentMethod(merchant, reader, wantedOfMethod, customer);
  return { ...change, methodOf: method === null ? null : (customer) => readPacked(method, read(customer)) };
}

/**
 * Writes new secrets of a payment method if its customer is still at `version`, and gives the customer as it is
 * wanted; null when it is not.
 */
export async function updateSecrets(
  db: Queries,
  merchant: MerchantScope,
  paymentMethod: Pick<PaymentMethod, 'id' | 'customerId'>,
  secrets: PaymentMethodSecrets,
  { wanted, version, at }: { readonly wanted: Wants; readonly version: number; readonly at: Date },
): Promise<Customer | null> {
  const { id, customerId } = paymentMethod;
  const [row] = await db.write<{ row: string }>(sql`${changingCustomer({
    name: sql`/* payment-methods.update */`,
    merchant,
    join: empty,
    where: sql`c.id = ${customerId}`,
    look: empty,
    set: empty,
    when: sql`true`,
    expectedVersion: version,
    at,
  })},
    method as (
      update payment_methods p set sealed = ${sealPaymentMethod(merchant, paymentMethod, secrets)}, updated_at = ${at}
      from customer c where p.merchant_id = c.merchant_id and p.id = ${id}
      returning p.*
    ),
    ${afterwards(sql`payment_methods`, id, sql`method`)}
    select ${packedCustomer(wanted)} as row from customer c`);
  return row ? readPacked(row.row, (reader) => readCustomer(merchant, reader, wanted)) : null;
}

/** What becomes the default when the default is unlinked: see the schema's `DefaultSuccession`. */
export type DefaultSuccession = 'LEAVE_EMPTY' | 'PROMOTE_NEWEST' | 'REQUIRE_REPLACEMENT';

/** Takes a payment method off its customer. Null: there is no such payment method. */
export async function deletePaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  succession: DefaultSuccession,
  { wanted, ...change }: PaymentMethodChange,
): Promise<(ChangeRow & { readonly needs_replacement: boolean }) | null> {
  const others = sql`payment_methods o where o.merchant_id = c.merchant_id and o.customer_id = c.id and o.id <> ${id}`;
  const successor =
    succession === 'PROMOTE_NEWEST'
      ? sql`(select p.id from (select o.* from ${others}) p where ${isUsable(change.at)}
          order by p.linked_at desc, p.id desc limit 1)`
      : sql`null`;
  const needsReplacement =
    succession === 'REQUIRE_REPLACEMENT'
      ? sql`c.default_payment_method_id is not distinct from ${id} and exists (select from ${others})`
      : sql`false`;
  const [row] = await db.write<ChangeRow & { needs_replacement: boolean }>(sql`${changingCustomer({
    name: sql`/* payment-methods.delete */`,
    ...change,
    merchant,
    ...ownerOf(id),
    look: sql`, ${successor} as successor, ${needsReplacement} as needs_replacement`,
    set: sql`, default_payment_method_id = case
        when c.default_payment_method_id = ${id} then before.successor else c.default_payment_method_id
      end`,
    when: sql`not before.needs_replacement`,
  })},
    method as (
      delete from payment_methods p using customer c where p.merchant_id = c.merchant_id and p.id = ${id}
    ),
    ${afterwards(sql`payment_methods`, id)}
    select ${changeOutcome(wanted)}, before.needs_replacement from before`);
  return row ?? null;
}

/** The customer of a payment method, as the part of a statement. */
function ownerOf(id: PaymentMethodId): { join: Sql; where: Sql } {
  return {
    join: sql`join payment_methods p on p.merchant_id = c.merchant_id and p.customer_id = c.id`,
    where: sql`p.id = ${id}`,
  };
}
