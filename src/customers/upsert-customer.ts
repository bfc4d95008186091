import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import {
  type CreateCustomerInput,
  type CustomerDraft,
  insertDraft,
  readCustomerDraft,
} from './create-customer.js';
import type { Customer } from './customer.js';
import { wholeCustomer } from './customer.read-plan.js';
import { findCustomer } from './customer.repository.js';
import { versionConflict } from './customer-change.js';
import { changeProfile } from './update-customer.js';

export interface UpsertCustomerInput extends CreateCustomerInput {
  readonly reference: string;
  readonly expectedVersion?: Given<number>;
}

export interface UpsertedCustomer {
  readonly customer: Customer;
  readonly created: boolean;
}

/**
 * Creates the customer that has this reference, or changes it as `updateCustomer` would; its addresses are used
 * only when it is created. However many calls race, one of them creates the customer.
 *
 * Fails with every problem of the input; with VERSION_CONFLICT when the customer exists at another version.
 */
export async function upsertCustomer(
  op: Operation,
  input: UpsertCustomerInput,
  plan: ReadPlan<Customer>,
): Promise<Result<UpsertedCustomer>> {
  const merchant = authorise(op, 'customers.create');
  const read = readUpsert(op, input);
  if (!read.ok) return read;
  const { draft, reference } = read.value;
  return untilVersionHolds<Result<UpsertedCustomer>>(async () => {
    const existing = await findCustomer(op.db, merchant, { reference }, wholeCustomer);
    if (existing === null) {
      const customer = await insertDraft(op, merchant, draft);
      // Somebody else created it in the meantime: now there is one to change.
      return customer ? succeed({ customer, created: true }) : versionChanged;
    }
    if ((input.expectedVersion ?? existing.version) !== existing.version) return fail(versionConflict);
    const changed = await changeProfile(op, merchant, existing, input, plan);
    if (changed === versionChanged || !changed.ok) return changed;
    return succeed({ customer: changed.value, created: false });
  });
}

/** Reads the input as that of a new customer, which must have a reference here. */
function readUpsert(
  op: Operation,
  input: UpsertCustomerInput,
): Result<{ readonly draft: CustomerDraft; readonly reference: string }> {
  const missing: Problem = { code: 'REQUIRED', field: ['input', 'reference'] };
  const draft = readCustomerDraft(op, input, ['input']);
  if (!draft.ok) return input.reference.trim() === '' ? fail(missing, ...draft.problems) : draft;
  const { reference } = draft.value.profile;
  return reference === null ? fail(missing) : succeed({ draft: draft.value, reference });
}
