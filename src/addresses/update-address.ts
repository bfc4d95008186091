import { isDeepStrictEqual } from 'node:util';
import { authorise } from '../access/authorise.js';
import type { Customer } from '../customers/customer.js';
import { ownColumns, versionConflict } from '../customers/customer-change.repository.js';
import type { Wants } from '../db/wants.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openedValue } from '../sealing/sealed-value.js';
import { outrun, untilNotOutrun } from '../shared/attempts.js';
import { type AddressId, parseId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { toInstant } from '../shared/instant.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ChangedAddress } from './add-address.js';
import { type Address, type AddressInput, linesOf, readAddressChange } from './address.js';
import { findAddressToChange } from './address.repository.js';
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
    const address = addressId && (await findAddressToChange(op.db, merchant, addressId, ownColumns(wanted)));
    if (!address) return fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
    if ((expectedVersion ?? address.customer.version) !== address.customer.version)
      return fail(versionConflict);
    const reader = new InputReader();
    const read = reader.result(readAddressChange(reader, ['input'], lines, linesOf(address)));
    if (!read.ok) return read;
    const changed = !isDeepStrictEqual(read.value, linesOf(address));
    return write(op, merchant, address, {
      lines: changed ? read.value : undefined,
      isDefault: isDefault ?? address.isDefault,
    });
  });
}

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
  { id, expectedVersion }: SetDefaultAddressInput,
  wanted: Wants,
): Promise<Result<ChangedAddress>> {
  return updateAddress(op, { id, isDefault: true, expectedVersion }, wanted);
}

async function write(
  op: Operation,
  merchant: MerchantScope,
  address: Address & { readonly customer: Customer },
  { lines, isDefault }: { readonly lines: AddressUpdate['lines']; readonly isDefault: boolean },
): Promise<Result<ChangedAddress> | typeof outrun> {
  const { customer } = address;
  if (lines === undefined && isDefault === address.isDefault)
    return succeed({ address: { ...address, customer: null }, customer });
  const at = op.now();
  const defaultId = isDefault === address.isDefault ? undefined : isDefault ? address.id : null;
  const done = await updateRow(
    op.db,
    merchant,
    address,
    { lines, defaultId },
    { version: customer.version, at },
  );
  if (!done) return outrun;
  const changed = {
    ...address,
    isDefault,
    ...(lines && { lines: openedValue(lines), updatedAt: toInstant(at) }),
    customer: null,
  };
  return succeed({
    address: changed,
    customer: { ...customer, version: customer.version + 1, updatedAt: toInstant(at) },
  });
}
