import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import { parseToken } from '../shared/id.js';
import type { PaymentTokenResolution } from './payment-token-resolution.js';
import { findResolution, type ResolutionPlan } from './payment-token-resolution.repository.js';

/**
 * What a customer token or a payment method token stands for at this moment: a customer token for the default
 * payment method, a payment method token for itself. Null for a token that the merchant does not have.
 */
export async function resolvePaymentToken(
  op: Operation,
  token: string,
  plan: ResolutionPlan,
): Promise<PaymentTokenResolution | null> {
  const merchant = authorise(op, 'tokens.resolve');
  const paymentToken = parseToken(token);
  return paymentToken && findResolution(op.db, merchant, { token: paymentToken, now: op.now() }, plan);
}
