import { parseMonth, type YearAndMonth } from '../shared/expiry.js';
import type { Given } from '../shared/input-reader.js';
import type { CardBrand } from '../shared/payment-method-details.js';

export interface PaymentMethodFilterInput {
  readonly type?: Given<'CARD' | 'ACH'>;
  readonly brand?: Given<CardBrand>;
  readonly lastFour?: Given<string>;
  /** YYYY-MM */
  readonly expiresBefore?: Given<string>;
  readonly usable?: Given<boolean>;
}

/** Conditions on payment methods, joined by "and"; what is undefined is no condition. */
export interface PaymentMethodFilter {
  readonly type: 'CARD' | 'ACH' | undefined;
  readonly brand: CardBrand | undefined;
  readonly lastFour: string | undefined;
  readonly expiresBefore: YearAndMonth | undefined;
  readonly usable: { readonly is: boolean; readonly now: Date } | undefined;
}

export const NO_CONDITIONS: PaymentMethodFilter = {
  type: undefined,
  brand: undefined,
  lastFour: undefined,
  expiresBefore: undefined,
  usable: undefined,
};

/** The filter in comparable form; null when it matches nothing, as one with a value of the wrong form does. */
export function readPaymentMethodFilter(
  input: PaymentMethodFilterInput,
  now: Date,
): PaymentMethodFilter | null {
  const { type, brand, lastFour, expiresBefore, usable } = input;
  const month = typeof expiresBefore === 'string' ? parseMonth(expiresBefore) : undefined;
  if (month === null) return null;
  // Nothing else can be stored, and a string that PostgreSQL refuses must not reach it.
  if (typeof lastFour === 'string' && !/^[0-9]{4}$/.test(lastFour)) return null;
  return {
    type: type ?? undefined,
    brand: brand ?? undefined,
    lastFour: lastFour ?? undefined,
    expiresBefore: month,
    usable: typeof usable === 'boolean' ? { is: usable, now } : undefined,
  };
}
