import type { Customer } from '../customers/customer.js';
import { isWithinReach } from '../customers/customer.repository.js';
import type { Change, ChangeRow } from '../customers/customer-change.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { YearAndMonth } from '../shared/expiry.js';
import type { PaymentMethodId } from '../shared/id.js';
import type { PaymentMethod, PaymentMethodSecrets } from './payment-method.js';
import { sealPaymentMethod } from './payment-method.repository.js';
import { isUsable } from './payment-method-filter.repository.js';

// How these statements are built is told at `Change`.

/** Makes a payment method its customer's default. Null: there is no such payment method. */
export async function setDefaultPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  { plan, methodPlan, expectedVersion, at }: Change & { readonly methodPlan: ReadPlan<PaymentMethod> },
): Promise<(ChangeRow & { readonly was_default: boolean; readonly payment_method: string | null }) | null> {
  const [row] = await db.write<ChangeRow & { was_default: boolean; payment_method: string | null }>(sql`with
    /* payment-methods.setDefault */ before as (
      select c.id, c.version, c.default_payment_method_id is not distinct from ${id} as was_default
      from payment_methods p join customers c on c.merchant_id = ${merchant.id} and c.id = p.customer_id
      where p.merchant_id = ${merchant.id} and p.id = ${id} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}, default_payment_method_id = ${id}
      from before
      where c.merchant_id = ${merchant.id} and c.id = before.id and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version) and not before.was_default
      returning c.*
    )
    select before.version as version_before, before.was_default, ${plan.columns(merchant)}, (
        select ${methodPlan.json(merchant)} from payment_methods p
        where p.merchant_id = ${merchant.id} and p.customer_id = c.id and p.id = ${id}
      ) as payment_method
    from before left join customer c on true`);
  return row ?? null;
}

/**
 * Writes new secrets of a payment method, and a card's new expiry (null: as it is), if its customer is still at
 * `version`; null when it is not.
 */
export async function updatePaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  { id, customerId }: Pick<PaymentMethod, 'id' | 'customerId'>,
  { secrets, expiry }: { readonly secrets: PaymentMethodSecrets; readonly expiry: YearAndMonth | null },
  { plan, version, at }: { readonly plan: ReadPlan<Customer>; readonly version: number; readonly at: Date },
): Promise<Customer | null> {
  const sealed = sealPaymentMethod(merchant, { id, customerId }, secrets);
  const [row] = await db.write<Row>(sql`with /* payment-methods.update */ customer as (
      update customers c set version = c.version + 1, updated_at = ${at}
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and c.version = ${version}
        and ${isWithinReach(merchant)}
      returning c.*
    ),
    method as (
      update payment_methods p set sealed = ${sealed}, updated_at = ${at},
        expiry_month = coalesce(${expiry?.month ?? null}::smallint, p.expiry_month),
        expiry_year = coalesce(${expiry?.year ?? null}::smallint, p.expiry_year)
      from customer c where p.merchant_id = ${merchant.id} and p.id = ${id}
      returning p.*
    )
    select ${plan.columns(merchant, { table: 'payment_methods', id, written: 'method' })} from customer c`);
  return row ? plan.read(row, merchant) : null;
}

/** What becomes the default when the default is unlinked: see the schema's `DefaultSuccession`. */
export type DefaultSuccession = 'LEAVE_EMPTY' | 'PROMOTE_NEWEST' | 'REQUIRE_REPLACEMENT';

/** Takes a payment method off its customer. Null: there is no such payment method. */
export async function deletePaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  id: PaymentMethodId,
  succession: DefaultSuccession,
  { plan, expectedVersion, at }: Change,
): Promise<(ChangeRow & { readonly needs_replacement: boolean }) | null> {
  const [row] = await db.write<ChangeRow & { needs_replacement: boolean }>(sql`with
    /* payment-methods.delete */ before as (
      select c.id, c.version, case when ${succession === 'PROMOTE_NEWEST'} then (
          select p.id from (
            select o.* from payment_methods o
            where o.merchant_id = ${merchant.id} and o.customer_id = c.id and o.id <> ${id}
          ) p
          where ${isUsable(at)}
          order by p.linked_at desc, p.id desc limit 1
        ) end as successor,
        ${succession === 'REQUIRE_REPLACEMENT'} and c.default_payment_method_id is not distinct from ${id} and exists (
          select from payment_methods o
          where o.merchant_id = ${merchant.id} and o.customer_id = c.id and o.id <> ${id}
        ) as needs_replacement
      from payment_methods p join customers c on c.merchant_id = ${merchant.id} and c.id = p.customer_id
      where p.merchant_id = ${merchant.id} and p.id = ${id} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}, default_payment_method_id = case
        when c.default_payment_method_id = ${id} then before.successor else c.default_payment_method_id
      end
      from before
      where c.merchant_id = ${merchant.id} and c.id = before.id and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version) and not before.needs_replacement
      returning c.*
    ),
    method as (
      delete from payment_methods p using customer c where p.merchant_id = ${merchant.id} and p.id = ${id}
    )
    select before.version as version_before, before.needs_replacement,
      ${plan.columns(merchant, { table: 'payment_methods', id })}
    from before left join customer c on true`);
  return row ?? null;
}
