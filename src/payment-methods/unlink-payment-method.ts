import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type PaymentMethodId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import { type DefaultSuccession, deletePaymentMethod } from './payment-method-change.repository.js';

export interface UnlinkPaymentMethodInput {
  readonly id: string;
  readonly ifDefault: DefaultSuccession;
  readonly expectedVersion?: Given<number>;
}

export interface UnlinkedPaymentMethod {
  readonly unlinkedPaymentMethodId: PaymentMethodId;
  readonly customer: Customer;
}

const needsReplacement: Problem = { code: 'REPLACEMENT_REQUIRED', field: ['input', 'ifDefault'] };

/**
 * Takes a payment method off its customer for good. What becomes the default in its place is the caller's choice;
 * the only payment method of a customer can always be unlinked.
 *
 * Fails with NOT_FOUND, VERSION_CONFLICT, REPLACEMENT_REQUIRED.
 */
export async function unlinkPaymentMethod(
  op: Operation,
  input: UnlinkPaymentMethodInput,
  plan: ReadPlan<Customer>,
): Promise<Result<UnlinkedPaymentMethod>> {
  const merchant = authorise(op, 'payment-methods.unlink');
  const id = parseId<PaymentMethodId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds<Result<UnlinkedPaymentMethod>>(async () => {
    const change = { plan, expectedVersion, at: op.now() };
    const row = id && (await deletePaymentMethod(op.db, merchant, id, input.ifDefault, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const refusals = [row.needs_replacement && needsReplacement];
    const outcome = outcomeOf(row, merchant, change, refusals);
    if (outcome === versionChanged || !outcome.ok) return outcome;
    return succeed({ unlinkedPaymentMethodId: id, customer: outcome.value });
  });
}
