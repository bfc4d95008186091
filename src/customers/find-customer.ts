import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { type CustomerId, parseId, parseToken } from '../shared/id.js';
import { textForComparison } from '../shared/text.js';
import { type Customer, MAX_REFERENCE_LENGTH } from './customer.js';
import { findCustomer as findRow } from './customer.repository.js';

/** A customer by its id; null when there is none, and for an id of the wrong form. */
export async function findCustomer(
  op: Operation,
  id: string,
  plan: ReadPlan<Customer>,
): Promise<Customer | null> {
  const merchant = authorise(op, 'customers.read');
  const customerId = parseId<CustomerId>(id);
  return customerId && findRow(op.db, merchant, { id: customerId }, plan);
}

/** A customer by its payment token; null when there is none. */
export async function findCustomerByToken(
  op: Operation,
  token: string,
  plan: ReadPlan<Customer>,
): Promise<Customer | null> {
  const merchant = authorise(op, 'customers.read-by-token');
  const customerToken = parseToken(token);
  return customerToken && findRow(op.db, merchant, { token: customerToken }, plan);
}

/** A customer by the merchant's own number; null when there is none. */
export async function findCustomerByReference(
  op: Operation,
  reference: string,
  plan: ReadPlan<Customer>,
): Promise<Customer | null> {
  const merchant = authorise(op, 'customers.search');
  const comparable = comparableReference(reference);
  return comparable === null ? null : findRow(op.db, merchant, { reference: comparable }, plan);
}

/** A reference as it would be stored; null for one that could not be. */
export function comparableReference(reference: string): string | null {
  return textForComparison(reference, { maxLength: MAX_REFERENCE_LENGTH }) || null;
}
