import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { outcomeOf } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type AddressId, type CustomerId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import { type Address, type AddressInput, MAX_ADDRESSES, readAddressLines, toAddress } from './address.js';
import { insertAddress } from './address-change.repository.js';

export interface AddAddressInput {
  readonly customerId: string;
  readonly address: AddressInput;
  readonly expectedVersion?: Given<number>;
}

/** What a change of an address gives: both as they are afterwards, the customer with all that the answer shows. */
export interface ChangedAddress {
  readonly address: Address;
  readonly customer: Customer;
}

const tooMany: Problem = {
  code: 'TOO_LONG',
  field: ['input', 'address'],
  message: `The customer has ${MAX_ADDRESSES} addresses already.`,
};

/**
 * Adds an address to a customer. The first is the default unless it says that it is not.
 *
 * Fails with every problem of the input, or NOT_FOUND, VERSION_CONFLICT, TOO_LONG when there are 50 already.
 */
export async function addAddress(
  op: Operation,
  input: AddAddressInput,
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const reader = new InputReader();
  const read = reader.result(readAddressLines(reader, ['input', 'address'], input.address));
  if (!read.ok) return read;
  const customerId = parseId<CustomerId>(input.customerId);
  const draft = {
    id: op.ids.next<AddressId>(),
    lines: read.value,
    isDefault: input.address.isDefault ?? null,
  };
  const expectedVersion = input.expectedVersion ?? null;
  return untilVersionHolds<Result<ChangedAddress>>(async () => {
    const change = { plan, expectedVersion, at: op.now() };
    const row = customerId && (await insertAddress(op.db, merchant, customerId, draft, change));
    if (!row) return fail({ code: 'NOT_FOUND', field: ['input', 'customerId'] });
    const full = row.addresses >= MAX_ADDRESSES && tooMany;
    const outcome = outcomeOf(row, merchant, change, [full]);
    if (outcome === versionChanged || !outcome.ok) return outcome;
    const customer = outcome.value;
    const address = toAddress({ ...draft, isDefault: row.becomes_default }, customer, toInstant(change.at));
    return succeed({ customer, address });
  });
}
