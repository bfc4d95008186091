import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { versionConflict } from '../customers/customer-change.repository.js';
import { type Wants, wants } from '../db/wants.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import { outrun, untilNotOutrun } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ChangedAddress } from './add-address.js';
import { Address, type AddressInput, linesOf, readAddressChange } from './address.js';
import { findWithCustomer } from './address.repository.js';
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
  wanted: Wants,
): Promise<Result<ChangedAddress>> {
  const merchant = authorise(op, 'addresses.write');
  const addressId = parseId<AddressId>(id);
  return untilNotOutrun<Result<ChangedAddress>>(async () => {
    const address = addressId && (await findWithCustomer(op.db, merchant, addressId, wants()));
    if (!address) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    if ((expectedVersion ?? address.customer.version) !== address.customer.version)
      return fail(versionConflict);
    const reader = new InputReader();
    const read = reader.result(readAddressChange(reader, ['input'], lines, linesOf(address)));
    if (!read.ok) return read;
    const changed = !isDeepStrictEqual(read.value, linesOf(address));
    const change = { lines: changed ? read.value : undefined, isDefault: isDefault ?? address.isDefault };
    return write(op, merchant, address, change, wanted);
  });
}

async function write(
  op: Operation,
  merchant: MerchantScope,
  address: Address & { readonly customer: Customer },
  { lines, isDefault }: { readonly lines: AddressUpdate['lines']; readonly isDefault: boolean },
  wanted: Wants,
): Promise<Result<ChangedAddress> | typeof outrun> {
  const { version } = address.customer;
  const movesDefault = isDefault !== address.isDefault;
  if (lines === undefined && !movesDefault) return unchanged(op, merchant, address, wanted);
  const at = op.now();
  const defaultId = isDefault ? address.id : null;
  const update = { lines, defaultId: movesDefault ? defaultId : undefined };
  const customer = await updateRow(op.db, merchant, address, update, { wanted, version, at });
  if (!customer) return outrun;
  const changed = lines && { lines: openedValue(lines), updatedAt: toInstant(at) };
  return succeed({ address: new Address({ ...address, isDefault, ...changed, customer }), customer });
}

async function unchanged(
  op: Operation,
  merchant: MerchantScope,
  { id, customer: { version } }: Address & { readonly customer: Customer },
  wanted: Wants,
): Promise<Result<ChangedAddress> | typeof outrun> {
  const address = await findWithCustomer(op.db, merchant, id, wanted);
  return address?.customer.version === version ? succeed({ address, customer: address.customer }) : outrun;
}
