import { authorise } from '../access/authorise.js';
import { outcomeOf } from '../customers/customer-change.repository.js';
import type { Operation } from '../operation.js';
import { outrun, untilNotOutrun } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import type { Given } from '../shared/input-reader.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ChangedAddress } from './add-address.js';
import { type Answer, findWithCustomer } from './address.repository.js';
import { setDefaultAddress as setDefault } from './address-change.repository.js';

export interface SetDefaultAddressInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/**
 * Makes an address its customer's default; the default set to itself changes nothing.
 *
 * Fails with NOT_FOUND or VERSION_CONFLICT.
 */
export async function setDefaultAddress(
  op: Operation,
  input: SetDefaultAddressInput,
  answer: Answer,
): Promise<Result<ChangedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const id = parseId<AddressId>(input.id);
  const expectedVersion = input.expectedVersion ?? null;
  const wanted = answer.customer;
  return untilNotOutrun<Result<ChangedAddress>>(async () => {
    const change = { wanted, wantedOfAddress: answer.address, expectedVersion, at: op.now() };
    const row = id && (await setDefault(op.db, merchant, id, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    const outcome = outcomeOf(row, { merchant, wanted, expectedVersion });
    if (outcome === outrun && row.was_default) {
      const found = await findWithCustomer(op.db, merchant, id, wanted);
      return found ? succeed({ address: found, customer: found.customer }) : outrun;
    }
    if (outcome === outrun || !outcome.ok) return outcome;
    if (!row.addressOf) return outrun;
    const customer = outcome.value;
    return succeed({ address: row.addressOf(customer), customer });
  });
}
