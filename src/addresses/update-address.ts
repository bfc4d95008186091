import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { customerVersion } from '../customers/customer.read-plan.js';
import { versionConflict } from '../customers/customer-change.js';
import type { Operation } from '../operation.js';
import type { ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import { untilVersionHolds, versionChanged } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ChangedAddress } from './add-address.js';
import { type AddressInput, linesOf, readAddressChange } from './address.js';
import { type AddressOfCustomer, findWithCustomer } from './address.repository.js';
import { type AddressUpdate, updateAddress as updateRow } from './address-change.repository.js';

export interface UpdateAddressInput extends AddressInput {
  readonly id: string;
  readonly expectedVersion?: Given<number>;
}

/**
 * Changes an address: what is left out stays, null clears. `isDefault: true` makes it the default, `false` on the
 * default leaves the customer with none.
 *
 * Fails with every problem of the input, or NOT_FOUND, VERSION_CONFLICT. The same values change nothing.
 */
export async function updateAddress(
  op: Operation,
  { id, isDefault, expectedVersion = null, ...lines }: UpdateAddressInput,
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const addressId = parseId<AddressId>(id);
  return untilVersionHolds<Result<ChangedAddress>>(async () => {
    const address = addressId && (await findWithCustomer(op.db, merchant, addressId, customerVersion));
    if (!address) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    if ((expectedVersion ?? address.customer.version) !== address.customer.version)
      return fail(versionConflict);
    const reader = new InputReader();
    const read = reader.result(readAddressChange(reader, ['input'], lines, linesOf(address)));
    if (!read.ok) return read;
    const changed = !isDeepStrictEqual(read.value, linesOf(address));
    const change = { lines: changed ? read.value : undefined, isDefault: isDefault ?? address.isDefault };
    return write(op, merchant, address, change, plan);
  });
}

async function write(
  op: Operation,
  merchant: MerchantScope,
  address: AddressOfCustomer,
  { lines, isDefault }: { readonly lines: AddressUpdate['lines']; readonly isDefault: boolean },
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedAddress> | typeof versionChanged> {
  const { version } = address.customer;
  const movesDefault = isDefault !== address.isDefault;
  if (lines === undefined && !movesDefault) return unchanged(op, merchant, address, plan);
  const at = op.now();
  const defaultId = isDefault ? address.id : null;
  const update = { lines, defaultId: movesDefault ? defaultId : undefined };
  const customer = await updateRow(op.db, merchant, address, update, { plan, version, at });
  if (!customer) return versionChanged;
  const changed = lines && { lines: openedValue(lines), updatedAt: toInstant(at) };
  return succeed({ address: { ...address, isDefault, ...changed, customer }, customer });
}

async function unchanged(
  op: Operation,
  merchant: MerchantScope,
  { id, customer: { version } }: AddressOfCustomer,
  plan: ReadPlan<Customer>,
): Promise<Result<ChangedAddress> | typeof versionChanged> {
  const address = await findWithCustomer(op.db, merchant, id, plan);
  return address?.customer.version === version
    ? succeed({ address, customer: address.customer })
    : versionChanged;
}
