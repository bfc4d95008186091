import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { type PaymentMethodId, parseId, parseToken } from '../shared/id.js';
import type { PaymentMethod } from './payment-method.js';
import { findPaymentMethod as findRow } from './payment-method.repository.js';

/** A payment method by its id; null when there is none, and for an id of the wrong form. */
export async function findPaymentMethod(
  op: Operation,
  id: string,
  plan: ReadPlan<PaymentMethod>,
): Promise<PaymentMethod | null> {
  const merchant = authorise(op, 'payment-methods.read');
  const paymentMethodId = parseId<PaymentMethodId>(id);
  return paymentMethodId && findRow(op.db, merchant, { id: paymentMethodId }, plan);
}

/** A payment method by the token that was minted when it was linked; null when there is none. */
export async function findPaymentMethodByToken(
  op: Operation,
  token: string,
  plan: ReadPlan<PaymentMethod>,
): Promise<PaymentMethod | null> {
  const merchant = authorise(op, 'payment-methods.read-by-token');
  const paymentToken = parseToken(token);
  return paymentToken && findRow(op.db, merchant, { token: paymentToken }, plan);
}
