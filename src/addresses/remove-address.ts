import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import { deleteAddress } from './address-change.repository.js';

export interface RemoveAddressInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

export interface RemovedAddress {
  readonly removedAddressId: AddressId;
  readonly customer: Customer;
}

/**
 * Removes an address. A customer whose default it was has no default address afterwards.
 *
 * Fails with NOT_FOUND or VERSION_CONFLICT.
 */
export async function removeAddress(
  op: Operation,
  input: RemoveAddressInput,
  plan: ReadPlan<Customer>,
): Promise<Result<RemovedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const id = parseId<AddressId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds<Result<RemovedAddress>>(async () => {
    const change = { plan, expectedVersion, at: op.now() };
    const row = id && (await deleteAddress(op.db, merchant, id, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const outcome = outcomeOf(row, merchant, change);
    if (outcome === versionChanged || !outcome.ok) return outcome;
    return succeed({ removedAddressId: id, customer: outcome.value });
  });
}
