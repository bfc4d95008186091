import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ChangedAddress } from './add-address.js';
import type { Address } from './address.js';
import { findWithCustomer } from './address.repository.js';
import { setDefaultAddress as setDefault } from './address-change.repository.js';

export interface SetDefaultAddressInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/** What the answer to a change shows. */
export interface AddressAnswer {
  readonly customer: ReadPlan<Customer>;
  readonly address: ReadPlan<Address>;
}

/**
 * Makes an address its customer's default; the default set to itself changes nothing.
 *
 * Fails with NOT_FOUND or VERSION_CONFLICT.
 */
export async function setDefaultAddress(
  op: Operation,
  input: SetDefaultAddressInput,
  { customer: plan, address: addressPlan }: AddressAnswer,
): Promise<Result<ChangedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const id = parseId<AddressId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds<Result<ChangedAddress>>(async () => {
    const change = { plan, addressPlan, expectedVersion, at: op.now() };
    const row = id && (await setDefault(op.db, merchant, id, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const outcome = outcomeOf(row, merchant, change);
    if (outcome === versionChanged && row.was_default) {
      const found = await findWithCustomer(op.db, merchant, id, plan);
      return found ? succeed({ address: found, customer: found.customer }) : versionChanged;
    }
    if (outcome === versionChanged || !outcome.ok) return outcome;
    if (row.address === null) return versionChanged;
    const customer = outcome.value;
    return succeed({ address: addressPlan.read(JSON.parse(row.address), merchant, customer), customer });
  });
}
