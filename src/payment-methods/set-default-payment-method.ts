import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type PaymentMethodId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { PaymentMethod } from './payment-method.js';
import { findWithCustomer } from './payment-method.repository.js';
import { setDefaultPaymentMethod as setDefault } from './payment-method-change.repository.js';

export interface SetDefaultPaymentMethodInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/** What the answer to a change shows. */
export interface PaymentMethodAnswer {
  readonly customer: ReadPlan<Customer>;
  readonly paymentMethod: ReadPlan<PaymentMethod>;
}

/** What a change of a payment method gives: both as they are afterwards, the customer with all that the answer shows. */
export interface ChangedPaymentMethod {
  readonly paymentMethod: PaymentMethod;
  readonly customer: Customer;
}

/**
 * Makes a payment method its customer's default; the default set to itself changes nothing.
 *
 * Fails with NOT_FOUND or VERSION_CONFLICT.
 */
export async function setDefaultPaymentMethod(
  op: Operation,
  input: SetDefaultPaymentMethodInput,
  { customer: plan, paymentMethod: methodPlan }: PaymentMethodAnswer,
): Promise<Result<ChangedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.link');
  const id = parseId<PaymentMethodId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds<Result<ChangedPaymentMethod>>(async () => {
    const change = { plan, methodPlan, expectedVersion, at: op.now() };
    const row = id && (await setDefault(op.db, merchant, id, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const outcome = outcomeOf(row, merchant, change);
    if (outcome === versionChanged && row.was_default) {
      const found = await findWithCustomer(op.db, merchant, id, plan);
      return found ? succeed({ paymentMethod: found, customer: found.customer }) : versionChanged;
    }
    if (outcome === versionChanged || !outcome.ok) return outcome;
    if (row.payment_method === null) return versionChanged;
    const customer = outcome.value;
    const paymentMethod = methodPlan.read(JSON.parse(row.payment_method), merchant, customer);
    return succeed({ paymentMethod, customer });
  });
}
