import { assertMayDo, authorise } from '../access/authorise.js';
import { UniqueViolation } from '../db/errors.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type CustomerId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import { type Customer, isSameProfile, type ProfileInput, profileOf, readProfileChange } from './customer.js';
import { wholeCustomer } from './customer.read-plan.js';
import { findCustomer } from './customer.repository.js';
import { versionConflict } from './customer-change.js';
import { REFERENCE_CONSTRAINT, updateCustomerProfile } from './customer-write.repository.js';

export interface UpdateCustomerInput extends ProfileInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/**
 * Changes a customer's profile: what is left out stays, null clears, metadata is merged key by key.
 *
 * Fails with every problem of the input, or NOT_FOUND, VERSION_CONFLICT, TAKEN. The same values change nothing.
 */
export async function updateCustomer(
  op: Operation,
  input: UpdateCustomerInput,
  plan: ReadPlan<Customer>,
): Promise<Result<Customer>> {
  const merchant = authorise(op, 'customers.update');
  if (input.reference !== undefined || input.metadata !== undefined) assertMayDo(op, 'customers.annotate');
  const id = parseId<CustomerId>(input.id);
  return untilVersionHolds(async () => {
    const customer = id && (await findCustomer(op.db, merchant, { id }, wholeCustomer));
    if (!customer) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    if ((input.expectedVersion ?? customer.version) !== customer.version) return fail(versionConflict);
    return changeProfile(op, merchant, customer, input, plan);
  });
}

/** Writes the change of a profile on top of a whole customer that has just been read. */
export async function changeProfile(
  op: Operation,
  merchant: MerchantScope,
  customer: Customer,
  input: ProfileInput,
  plan: ReadPlan<Customer>,
): Promise<Result<Customer> | typeof versionChanged> {
  const reader = new InputReader();
  const current = profileOf(customer);
  const read = reader.result(readProfileChange(reader, ['input'], input, current));
  if (!read.ok) return read;
  const profile = read.value;
  if (isSameProfile(profile, current)) return unchanged(op, merchant, customer, plan);
  const change = { profile, updatedAt: op.now() };
  try {
    const changed = await updateCustomerProfile(op.db, merchant, customer, change, plan);
    return changed ? succeed(changed) : versionChanged;
  } catch (error) {
    if (error instanceof UniqueViolation && error.constraint === REFERENCE_CONSTRAINT) {
      return fail({ code: 'TAKEN', field: ['input', 'reference'] });
    }
    throw error;
  }
}

/** The customer as it is selected, unless it has changed since it was compared. */
async function unchanged(
  op: Operation,
  merchant: MerchantScope,
  customer: Customer,
  plan: ReadPlan<Customer>,
): Promise<Result<Customer> | typeof versionChanged> {
  if (plan.children.length === 0) return succeed(customer);
  const { id, version } = customer;
  const found = await findCustomer(op.db, merchant, { id }, plan.with('version'));
  return found?.version === version ? succeed(found) : versionChanged;
}
