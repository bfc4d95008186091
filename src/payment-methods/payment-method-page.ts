import type { Customer } from '../customers/customer.js';
import type { Page, Position } from '../shared/page.js';
import type { PaymentMethod } from './payment-method.js';

/** A page of a customer's payment methods, and how many there are, counted only when that is wanted. */
export interface PaymentMethodPage {
  readonly page: Page<PaymentMethod>;
  readonly totalCount: number | null;
}

/** Where a payment method stands in its list: the default first, then newest first. */
export function positionOf({ isDefault, linkedAt, id }: PaymentMethod): Position {
  return [isDefault ? 0 : 1, linkedAt.toISOString(), id];
}

/**
 * The customer with this payment method in the place of what it was, wherever it was read along. Only what no
 * list filters or sorts by may have changed.
 */
export function withPaymentMethod(customer: Customer, changed: PaymentMethod): Customer {
  const replace = (other: PaymentMethod) => (other.id === changed.id ? changed : other);
  const parts = new Map(customer.parts);
  for (const [key, part] of parts) {
    if (key === 'defaultPaymentMethod' && part) parts.set(key, replace(part as PaymentMethod));
    if (!key.startsWith(LIST_KEY)) continue;
    const { page, totalCount } = part as PaymentMethodPage;
    parts.set(key, { page: { ...page, items: page.items.map(replace) }, totalCount });
  }
  return { ...customer, parts };
}

/** What the keys of lists begin with among the parts of a customer. */
export const LIST_KEY = 'paymentMethods ';
