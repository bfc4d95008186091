import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { findCustomer } from '../customers/find-customer.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';

/** The customer of the session; null for an API key. */
export async function findOwnCustomer(op: Operation, plan: ReadPlan<Customer>): Promise<Customer | null> {
  const { onlyCustomer } = authorise(op, 'own-customer.read');
  return onlyCustomer && findCustomer(op, onlyCustomer, plan);
}
