import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.repository.js';
import type { Operation } from '../operation.js';
import { outrun, untilNotOutrun } from '../shared/attempts.js';
import { type PaymentMethodId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { PaymentMethod } from './payment-method.js';
import { type Answer, findWithCustomer } from './payment-method.repository.js';
import { setDefaultPaymentMethod as setDefault } from './payment-method-change.repository.js';

export interface SetDefaultPaymentMethodInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/** What a change of a payment method gives: both as they are afterwards, the customer with all that the answer wants. */
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
  answer: Answer,
): Promise<Result<ChangedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.link');
  const id = parseId<PaymentMethodId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  const wanted = answer.customer;
  return untilNotOutrun<Result<ChangedPaymentMethod>>(async () => {
    const change = { wanted, wantedOfMethod: answer.paymentMethod, expectedVersion, at: op.now() };
    const row = id && (await setDefault(op.db, merchant, id, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const outcome = outcomeOf(row, { merchant, wanted, expectedVersion });
    if (outcome === outrun) return row.was_default ? unchanged(op, merchant, id, answer) : outrun;
    if (!outcome.ok) return outcome;
    if (!row.methodOf) return outrun;
    const customer = outcome.value;
    return succeed({ paymentMethod: row.methodOf(customer), customer });
  });
}

async function unchanged(
  op: Operation,
  merchant: ReturnType<typeof authorise>,
  id: PaymentMethodId,
  answer: Answer,
): Promise<Result<ChangedPaymentMethod> | typeof outrun> {
  const found = await findWithCustomer(op.db, merchant, id, answer.customer);
  return found ? succeed({ paymentMethod: found, customer: found.customer }) : outrun;
}
