import type { Address } from '../addresses/address.js';
import type { ApiKey } from '../api-keys/api-key.js';
import type { Customer } from '../customers/customer.js';
import type { Wants } from '../db/wants.js';
import type { Merchant } from '../merchants/merchant.js';
import type { PaymentMethod } from '../payment-methods/payment-method.js';

/** Anything that can be fetched again by its id. */
export type NodeValue = Customer | Address | PaymentMethod | Merchant | ApiKey;

export type NodeType = NodeValue['__typename'];

/** What is asked of the objects of each type. */
export interface WantedNodes {
  readonly Customer: Wants;
  readonly Address: Wants;
  readonly PaymentMethod: Wants;
}
