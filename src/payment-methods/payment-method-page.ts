import type { Page, Position } from '../shared/page.js';
import type { PaymentMethod } from './payment-method.js';

/** A page of a customer's payment methods, and how many there are, counted only when that is wanted. */
export interface PaymentMethodPage {
  readonly page: Page<PaymentMethod>;
  readonly totalCount: number | null;
}

/** Where a payment method stands in its list: the default first, then newest first. */
export function positionOf({ isDefault, linkedAt, id }: PaymentMethod): Position {
  return [isDefault ? 0 : 1, linkedAt, id];
}

/** What the keys of lists begin with among the parts of a customer. */
export const LIST_KEY = 'paymentMethods ';
