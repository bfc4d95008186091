import { isWithinReach } from '../customers/customer.repository.js';
import type { Change, ChangeRow } from '../customers/customer-change.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import type { PaymentMethodDetails } from '../shared/payment-method-details.js';
import type { PaymentMethodSecrets } from './payment-method.js';
import { sealPaymentMethod } from './payment-method.repository.js';

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
export type LinkRow = ChangeRow & {
  /** The token was linked before. */
  readonly spent: boolean;
  /** A payment method of the customer with the same fingerprint; looked for unless duplicates are allowed. */
  readonly duplicate_id: PaymentMethodId | null;
  readonly becomes_default: boolean;
};

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
  { plan, expectedVersion, at }: Change,
): Promise<LinkRow | null> {
  const { id, customerId, token, provider, details, fingerprint, isDefault, tokenizedAt } = method;
  const tokenHash = merchant.vault.hash('provider-token', method.secrets.providerToken);
  const sealed = sealPaymentMethod(merchant, method, method.secrets);
  const [row] = await db.write<LinkRow>(sql`with /* payment-methods.insert */ before as (
      select c.version, exists (
          select from linked_tokens t
          where t.merchant_id = ${merchant.id} and t.provider = ${provider} and t.token_hash = ${tokenHash}
        ) as spent, (
          select p.id from payment_methods p
          where p.merchant_id = ${merchant.id} and p.customer_id = c.id
            and p.fingerprint = ${allowDuplicates ? null : fingerprint}::bytea
          order by p.linked_at desc, p.id desc limit 1
        ) as duplicate_id, exists (
          select from payment_methods p where p.merchant_id = ${merchant.id} and p.customer_id = c.id
        ) as has_methods
      from customers c
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}, default_payment_method_id = case
        when coalesce(${isDefault}::boolean, not before.has_methods) then ${id}
        else c.default_payment_method_id
      end
      from before
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version)
        and not before.spent and before.duplicate_id is null
      returning c.*
    ),
    token as (
      insert into linked_tokens (merchant_id, provider, token_hash, linked_at)
      select ${merchant.id}, ${provider}, ${tokenHash}, ${at} from customer
    ),
    method as (
      insert into payment_methods (
        merchant_id, customer_id, id, token, provider, type, last_four, brand, brand_name, expiry_month, expiry_year,
        cvc_check, address_check, token_type, bank_account_type, verified, fingerprint, sealed,
        created_at, linked_at, updated_at
      )
      select ${merchant.id}, ${customerId}, ${id}, ${token}::uuid, ${provider}, ${detailsValues(details)},
        ${fingerprint}, ${sealed}, ${tokenizedAt}, ${at}, ${at}
      from customer
      returning *
    )
    select before.version as version_before, before.spent, before.duplicate_id,
      coalesce(c.default_payment_method_id = ${id}, false) as becomes_default,
      ${plan.columns(merchant, { table: 'payment_methods', id, written: 'method' })}
    from before left join customer c on true`);
  return row ?? null;
}

/** From `type` to `verified`; a card has no account's values and an account no card's. */
function detailsValues(details: PaymentMethodDetails): Sql {
  const card = details.type === 'CARD' ? details : null;
  const account = details.type === 'ACH' ? details : null;
  return sql`${details.type}, ${details.lastFour}, ${card?.brand ?? null}, ${card?.brandName ?? null},
    ${card?.expiry.month ?? null}::smallint, ${card?.expiry.year ?? null}::smallint, ${card?.cvcCheck ?? null},
    ${card?.addressCheck ?? null}, ${card?.tokenType ?? null}, ${account?.bankAccountType ?? null},
    ${account?.verified ?? null}::boolean`;
}
