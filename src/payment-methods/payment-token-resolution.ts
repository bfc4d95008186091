import type { Customer } from '../customers/customer.js';
import { type PaymentMethod, secretsOf, type UnusableReason, unusableReasonOf } from './payment-method.js';

/** What a payment token stands for at this moment. What was not selected of it is undefined. */
export interface PaymentTokenResolution {
  readonly kind: 'CUSTOMER' | 'PAYMENT_METHOD';
  readonly customer: Customer;
  /** The method to charge; null when a customer token finds no default. */
  readonly paymentMethod: PaymentMethod | null;
  /** Other usable methods of the customer, newest first, at most 10. */
  readonly alternatives: readonly PaymentMethod[];
}

/** Why a payment could not use it now; null when it could. Nothing is ever put in the place of what it names. */
export function whyUnusable({ paymentMethod }: PaymentTokenResolution, now: Date): UnusableReason | null {
  return paymentMethod ? unusableReasonOf(paymentMethod.details, now) : 'NO_DEFAULT_PAYMENT_METHOD';
}

/** What the tokenization provider charges; null unless a payment could use it now. */
export function providerTokenOf(resolution: PaymentTokenResolution, now: Date): string | null {
  const { paymentMethod } = resolution;
  return paymentMethod && whyUnusable(resolution, now) === null
    ? secretsOf(paymentMethod).providerToken
    : null;
}
