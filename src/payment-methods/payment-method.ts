import type { Customer } from '../customers/customer.js';
import { readSealed, type SealedValue } from '../sealing/sealed-value.js';
import { checkEmail } from '../shared/email.js';
import { isExpired, type YearAndMonth } from '../shared/expiry.js';
import type { CustomerId, PaymentMethodId, PaymentToken } from '../shared/id.js';
import { type Given, type InputReader, type TextCheck, textOf } from '../shared/input-reader.js';
import type { Instant } from '../shared/instant.js';
import { checkPhone } from '../shared/phone.js';
import { type PostalAddress, type PostalAddressInput, readPostalAddress } from '../shared/postal-address.js';
import { type Path, unreachable } from '../shared/result.js';
import type { PaymentMethodPage } from './payment-method-page.js';

export type CardBrand =
  | 'VISA'
  | 'MASTERCARD'
  | 'AMEX'
  | 'DISCOVER'
  | 'DINERS'
  | 'JCB'
  | 'UNION_PAY'
  | 'UNKNOWN';
export type CheckResult = 'FULL_MATCH' | 'PARTIAL_MATCH' | 'NO_MATCH' | 'NOT_VERIFIED';
/** Who holds the card's token: the tokenization provider or the card network. */
export type TokenType = 'PLATFORM' | 'NETWORK';
export type BankAccountType = 'CHECKING' | 'SAVINGS';

export interface Card {
  readonly type: 'CARD';
  readonly brand: CardBrand;
  /** The provider's own word where the brand is UNKNOWN, and only there. */
  readonly brandName: string | null;
  readonly lastFour: string;
  readonly cvcCheck: CheckResult;
  readonly addressCheck: CheckResult;
  /** Month 1 to 12, year in four digits; good until the month has ended everywhere. */
  readonly expiry: YearAndMonth;
  readonly tokenType: TokenType;
}

export interface BankAccount {
  readonly type: 'ACH';
  readonly bankAccountType: BankAccountType;
  readonly lastFour: string;
  readonly verified: boolean;
}

export type PaymentMethodDetails = Card | BankAccount;

export interface BillingDetails {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: PostalAddress | null;
}

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

const MAX_NAME_LENGTH = 200;

/** At most 50 characters. */
export const checkLabel: TextCheck = textOf(50);

/** A provider's token is an opaque string in the provider's own form. */
export const checkProviderToken: TextCheck = textOf(255);

export interface BillingDetailsInput {
  readonly name?: Given<string>;
  readonly email?: Given<string>;
  readonly phone?: Given<string>;
  readonly address?: Given<PostalAddressInput>;
}

/** Reads billing details as a whole: left out, null and blank are the same. */
export function readBillingDetails(
  reader: InputReader,
  at: Path,
  input: BillingDetailsInput,
): BillingDetails {
  return {
    name: reader.optional([...at, 'name'], input.name, textOf(MAX_NAME_LENGTH)),
    email: reader.optional([...at, 'email'], input.email, checkEmail),
    phone: reader.optional([...at, 'phone'], input.phone, checkPhone),
    address: input.address ? readPostalAddress(reader, [...at, 'address'], input.address) : null,
  };
}
