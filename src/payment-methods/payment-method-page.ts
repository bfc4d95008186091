import type { Page, Position } from '../shared/page.js';
import type { PaymentMethod } from './payment-method.js';

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
