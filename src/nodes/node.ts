import type { Address } from '../addresses/address.js';
import type { ApiKey } from '../api-keys/api-key.js';
import type { Customer } from '../customers/customer.js';
import type { Merchant } from '../merchants/merchant.js';
import type { PaymentMethod } from '../payment-methods/payment-method.js';
import type { ReadPlan } from '../read-plan/read-plan.js';

/** Anything that can be fetched again by its id. */
export type NodeValue = Customer | Address | PaymentMethod | Merchant | ApiKey;

export type NodeType = NodeValue['__typename'];

/** By which plan the objects of each type are read. */
export interface NodePlans {
  readonly Customer: ReadPlan<Customer>;
  readonly Address: ReadPlan<Address>;
  readonly PaymentMethod: ReadPlan<PaymentMethod>;
}
