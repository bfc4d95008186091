import { checkEmail } from './email.js';
import type { YearAndMonth } from './expiry.js';
import { type Given, type InputReader, textOf } from './input-reader.js';
import { checkPhone } from './phone.js';
import { type PostalAddress, type PostalAddressInput, readPostalAddress } from './postal-address.js';
import type { Path } from './result.js';

// What tokenization providers and payment methods both speak of.

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

const MAX_NAME_LENGTH = 200;

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

/** Reads the expiry of a card: any month of a year of four digits, one that is over included. */
export function readCardExpiry(reader: InputReader, at: Path, { month, year }: YearAndMonth): YearAndMonth {
  if (month < 1 || month > 12) {
    reader.report({ code: 'INVALID', field: [...at, 'month'], message: 'A month is 1 to 12.' });
  }
  if (year < 1000 || year > 9999) {
    reader.report({ code: 'INVALID', field: [...at, 'year'], message: 'A year has four digits.' });
  }
  return { month, year };
}
