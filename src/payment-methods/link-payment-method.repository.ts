import {
  afterwards,
  type ChangeRow,
  changeOutcome,
  changingCustomer,
} from '../customers/customer-change.repository.js';
import type { Queries } from '../db/queries.js';
import { empty, type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import type { PaymentMethodDetails, PaymentMethodSecrets } from './payment-method.js';
import { sealPaymentMethod } from './payment-method.repository.js';
import type { PaymentMethodChange } from './payment-method-change.repository.js';

/** A payment method that is about to be linked. */
export interface NewPaymentMethod {
  readonly id: PaymentMethodId;
  readonly customerId: CustomerId;
  readonly token: PaymentToken;
  readonly provider: string;
  readonly details: PaymentMethodDetails;
  readonly secrets: PaymentMethodSecrets;
  /** Keyed hash, 32 bytes. */
  readonly fingerprint: Buffer | null;
  /** Null: if it is the customer's first. */
  readonly isDefault: boolean | null;
  readonly tokenizedAt: Date;
}

/** What the statement found, beside what became of the change. */
export interface LinkRow extends ChangeRow {
  /** The token was linked before. */
  readonly spent: boolean;
  /** A payment method of the customer with the same fingerprint; looked for unless duplicates are allowed. */
  readonly duplicate_id: PaymentMethodId | null;
  readonly is_default: boolean;
}

/** The constraint that lets each token be linked once. */
export const TOKEN_CONSTRAINT = 'linked_tokens_pkey';

/**
 * Links a payment method and spends its token, if the token is unspent and, unless duplicates are allowed, no
 * payment method of the customer has the fingerprint. Null: there is no such customer.
 *
 * @throws UniqueViolation on `TOKEN_CONSTRAINT` when a racing call links the same token.
 */
export async function insertPaymentMethod(
  db: Queries,
  merchant: MerchantScope,
  method: NewPaymentMethod,
  allowDuplicates: boolean,
  { wanted, ...change }: PaymentMethodChange,
): Promise<LinkRow | null> {
  const { id, customerId, provider, isDefault } = method;
  const tokenHash = merchant.vault.hash('provider-token', method.secrets.providerToken);
  const duplicate =
    allowDuplicates || method.fingerprint === null ? sql`null` : duplicateOf(method.fingerprint);
  const [row] = await db.write<LinkRow>(sql`${changingCustomer({
    name: sql`/* payment-methods.insert */`,
    ...change,
    merchant,
    join: empty,
    where: sql`c.id = ${customerId}`,
    look: sql`,
        exists (
          select from linked_tokens t
          where t.merchant_id = c.merchant_id and t.provider = ${provider} and t.token_hash = ${tokenHash}
        ) as spent,
        ${duplicate} as duplicate_id,
        exists (
          select from payment_methods p where p.merchant_id = c.merchant_id and p.customer_id = c.id
        ) as has_methods`,
    set: sql`, default_payment_method_id = case
        when coalesce(${isDefault}::boolean, not before.has_methods) then ${id} else c.default_payment_method_id
      end`,
    when: sql`not before.spent and before.duplicate_id is null`,
  })},
    token as (
      insert into linked_tokens (merchant_id, provider, token_hash, linked_at)
      select merchant_id, ${provider}, ${tokenHash}, updated_at from customer
    ),
    method as (
      insert into payment_methods (
        merchant_id, customer_id, id, token, provider, type, last_four, brand, expiry_month, expiry_year,
        cvc_check, address_check, token_type, bank_account_type, verified, fingerprint, sealed,
        created_at, linked_at, updated_at
      )
      select merchant_id, id, ${id}, ${method.token}::uuid, ${provider}, ${detailsValues(method.details)},
        ${method.fingerprint}, ${sealPaymentMethod(merchant, method, method.secrets)},
        ${method.tokenizedAt}, updated_at, updated_at
      from customer
      returning *
    ),
    ${afterwards(sql`payment_methods`, id, sql`method`)}
    select ${changeOutcome(wanted)}, before.spent, before.duplicate_id,
      exists (select from customer c where c.default_payment_method_id = ${id}) as is_default
    from before`);
  return row ?? null;
}

function duplicateOf(fingerprint: Buffer): Sql {
  return sql`(
    select p.id from payment_methods p
    where p.merchant_id = c.merchant_id and p.customer_id = c.id and p.fingerprint = ${fingerprint}
    order by p.linked_at desc, p.id desc limit 1
  )`;
}

/** From `type` to `verified`; a card has no account's values and an account no card's. */
function detailsValues(details: PaymentMethodDetails): Sql {
  const card = details.type === 'CARD' ? details : null;
  const account = details.type === 'ACH' ? details : null;
  return sql`${details.type}, ${details.lastFour}, ${card?.brand ?? null},
    ${card?.expiry.month ?? null}::smallint, ${card?.expiry.year ?? null}::smallint, ${card?.cvcCheck ?? null},
    ${card?.addressCheck ?? null}, ${card?.tokenType ?? null}, ${account?.bankAccountType ?? null},
    ${account?.verified ?? null}::boolean`;
}
