import type { Customer } from '../customers/customer.js';
import { readSealed, type SealedValue } from '../sealing/sealed-value.js';
import { isExpired } from '../shared/expiry.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import { type TextCheck, textOf } from '../shared/input-reader.js';
import type { Instant } from '../shared/instant.js';
import type { Page, Position } from '../shared/page.js';
import type { BillingDetails, PaymentMethodDetails } from '../shared/payment-method-details.js';
import { unreachable } from '../shared/result.js';

/** What of a payment method is sealed. */
export interface PaymentMethodSecrets {
  readonly label: string | null;
  readonly billingDetails: BillingDetails | null;
  /** The token that was linked: what the provider charges. */
  readonly providerToken: string;
}

/**
 * A tokenized card or bank account, linked to a customer. What was not selected of it is undefined, and GraphQL refuses
 * to show it.
 */
export interface PaymentMethod {
  readonly __typename: 'PaymentMethod';
  readonly id: PaymentMethodId;
  readonly customerId: CustomerId;
  /** Minted when the method was linked. */
  readonly token: PaymentToken;
  readonly details: PaymentMethodDetails;
  readonly secrets: SealedValue<PaymentMethodSecrets>;
  /** Keyed hash of the provider's, in hexadecimal. */
  readonly fingerprint: string | null;
  readonly isDefault: boolean;
  /** When the provider made the token. */
  readonly createdAt: Instant;
  readonly linkedAt: Instant;
  readonly updatedAt: Instant;
  /** Null where the payment method was read without its customer. */
  readonly customer: Customer | null;
}

declare module '../customers/customer.js' {
  interface Customer {
    /** Absent where it was not selected. */
    readonly defaultPaymentMethod?: PaymentMethod | null;
    /** A page for each of the selections with arguments of their own; `NONE`: a new customer, which has none. */
    readonly paymentMethods?: readonly PaymentMethodPage[] | 'NONE';
  }
}

export type UnusableReason = 'CARD_EXPIRED' | 'ACH_NOT_VERIFIED' | 'NO_DEFAULT_PAYMENT_METHOD';

/** Why a payment could not use it now; null when it could. */
export function unusableReasonOf(details: PaymentMethodDetails, now: Date): UnusableReason | null {
  switch (details.type) {
    case 'CARD':
      return isExpired(details.expiry, now) ? 'CARD_EXPIRED' : null;
    case 'ACH':
      return details.verified ? null : 'ACH_NOT_VERIFIED';
    default:
      return unreachable(details);
  }
}

export function secretsOf(paymentMethod: PaymentMethod): PaymentMethodSecrets {
  return readSealed(paymentMethod.secrets);
}

/** At most 50 characters. */
const checkBrandName: TextCheck = textOf(50);

/** What of a provider's details is kept: its word for a card's network only where the brand is UNKNOWN. */
export function keptDetails(details: PaymentMethodDetails): PaymentMethodDetails {
  if (details.type !== 'CARD') return details;
  const word = details.brand === 'UNKNOWN' && details.brandName ? checkBrandName(details.brandName) : null;
  return { ...details, brandName: word?.ok ? word.value || null : null };
}

/** At most 50 characters. */
export const checkLabel: TextCheck = textOf(50);

/** A provider's token is an opaque string in the provider's own form. */
export const checkProviderToken: TextCheck = textOf(255);

/** A page of a customer's payment methods. */
export interface PaymentMethodPage extends Page<PaymentMethod> {
  /** Tells it from the pages with other arguments. */
  readonly key: string;
  /** How many there are; absent where that was not selected. */
  readonly totalCount?: number;
}

/** Where a payment method stands in its list: the default first, then newest first. */
export function positionOf({ isDefault, linkedAt, id }: PaymentMethod): Position {
  return [isDefault ? 0 : 1, linkedAt, id];
}
