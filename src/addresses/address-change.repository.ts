import type { Customer } from '../customers/customer.js';
import { packedCustomer, readCustomer } from '../customers/customer.repository.js';
import {
  afterwards,
  type ChangeRow,
  changeOutcome,
  changingCustomer,
} from '../customers/customer-change.repository.js';
import { type PackedReader, readPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { empty, type Sql, sql } from '../db/sql.js';
import type { Wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import { type Address, type AddressDraft, type AddressLines, MAX_ADDRESSES } from './address.js';
import { packedAddress, readAddress, sealAddress } from './address.repository.js';

/** What every change of an address is told: `wanted` of the customer, and the version that it must be at. */
export interface AddressChange {
  readonly wanted: Wants;
  /** Null: at any version. */
  readonly expectedVersion: number | null;
  readonly at: Date;
}

/** Adds an address, and makes it the default if it says so or, when it does not say, if it is the first. */
export async function insertAddress(
  db: Queries,
  merchant: MerchantScope,
  customerId: CustomerId,
  draft: Omit<AddressDraft, 'isDefault'> & { readonly isDefault: boolean | null },
  { wanted, ...change }: AddressChange,
): Promise<(ChangeRow & { readonly addresses: number; readonly is_default: boolean }) | null> {
  const { id, isDefault } = draft;
  const [row] = await db.write<ChangeRow & { addresses: number; is_default: boolean }>(sql`${changingCustomer(
    {
      name: sql`/* addresses.insert */`,
      ...change,
      merchant,
      join: empty,
      where: sql`c.id = ${customerId}`,
      look: sql`, (
        select count(*)::integer from addresses a where a.merchant_id = c.merchant_id and a.customer_id = c.id
      ) as addresses`,
      set: sql`, default_address_id = case
        when coalesce(${isDefault}::boolean, before.addresses = 0) then ${id} else c.default_address_id
      end`,
      when: sql`before.addresses < ${MAX_ADDRESSES}`,
    },
  )},
    address as (
      insert into addresses (merchant_id, customer_id, id, sealed, created_at, updated_at)
      select merchant_id, id, ${id}, ${sealAddress(merchant, customerId, draft)}, ${change.at}, ${change.at}
      from customer
      returning *
    ),
    ${afterwards(sql`addresses`, id, sql`address`)}
    select ${changeOutcome(wanted)}, before.addresses,
      exists (select from customer c where c.default_address_id = ${id}) as is_default
    from before`);
  return row ?? null;
}

/** What becomes of an address; what is undefined stays as it is. */
export interface AddressUpdate {
  readonly lines: AddressLines | undefined;
  /** The customer's default address afterwards. */
  readonly defaultId: AddressId | null | undefined;
}

/**
 * Changes an address if its customer is still at `version`, and gives the customer as it is wanted; null when it is
 * not, and when the address is gone.
 */
export async function updateAddress(
  db: Queries,
  merchant: MerchantScope,
  { id, customerId }: Pick<Address, 'id' | 'customerId'>,
  { lines, defaultId }: AddressUpdate,
  { wanted, version, at }: { readonly wanted: Wants; readonly version: number; readonly at: Date },
): Promise<Customer | null> {
  const address = lines && sealAddress(merchant, customerId, { id, lines });
  const [row] = await db.write<{ row: string }>(sql`${changingCustomer({
    name: sql`/* addresses.update */`,
    merchant,
    join: empty,
    where: sql`c.id = ${customerId}`,
    look: empty,
    set: defaultId === undefined ? empty : sql`, default_address_id = ${defaultId}`,
    when: sql`true`,
    expectedVersion: version,
    at,
  })}
    ${
      address
        ? sql`, address as (
      update addresses a set sealed = ${address}, updated_at = ${at}
      from customer c where a.merchant_id = c.merchant_id and a.id = ${id}
      returning a.*
    ),
    ${afterwards(sql`addresses`, id, sql`address`)}`
        : empty
    }
    select ${packedCustomer(wanted)} as row from customer c`);
  return row ? readPacked(row.row, (reader) => readCustomer(merchant, reader, wanted)) : null;
}

/** Makes the address out of its row, given the customer that it hangs on. */
type AddressOf = (customer: Customer) => Address;

/** Makes an address its customer's default. Null: there is no such address. */
export async function setDefaultAddress(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  { wanted, wantedOfAddress, ...conditions }: AddressChange & { readonly wantedOfAddress: Wants },
): Promise<(ChangeRow & { readonly was_default: boolean; readonly addressOf: AddressOf | null }) | null> {
  const [row] = await db.write<ChangeRow & { was_default: boolean; address: string | null }>(
    sql`${changingCustomer({
      name: sql`/* addresses.setDefault */`,
      ...conditions,
      merchant,
      ...ownerOf(id),
      look: empty,
      set: sql`, default_address_id = ${id}`,
      when: sql`c.default_address_id is distinct from ${id}`,
    })}
    select ${changeOutcome(wanted)},
      before.default_address_id is not distinct from ${id} as was_default,
      (
        select ${packedAddress(wantedOfAddress)}
        from addresses a join customer c on c.merchant_id = a.merchant_id and c.id = a.customer_id
        where a.merchant_id = ${merchant.id} and a.id = ${id}
      ) as address
    from before`,
  );
  if (!row) return null;
  const { address, ...change } = row;
  const read = (customer: Customer) => (reader: PackedReader) =>
    readAddress(merchant, reader, wantedOfAddress, customer);
  return {
    ...change,
    addressOf: address === null ? null : (customer) => readPacked(address, read(customer)),
  };
}

/** Removes an address; where it was the default, the customer has none afterwards. Null: there is none. */
export async function deleteAddress(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  { wanted, ...change }: AddressChange,
): Promise<ChangeRow | null> {
  const [row] = await db.write<ChangeRow>(sql`${changingCustomer({
    name: sql`/* addresses.delete */`,
    ...change,
    merchant,
    ...ownerOf(id),
    look: empty,
    set: sql`, default_address_id = nullif(c.default_address_id, ${id})`,
    when: sql`true`,
  })},
    address as (
      delete from addresses a using customer c where a.merchant_id = c.merchant_id and a.id = ${id}
    ),
    ${afterwards(sql`addresses`, id)}
    select ${changeOutcome(wanted)} from before`);
  return row ?? null;
}

/** The customer of an address, as the part of a statement. */
function ownerOf(id: AddressId): { join: Sql; where: Sql } {
  return {
    join: sql`join addresses a on a.merchant_id = c.merchant_id and a.customer_id = c.id`,
    where: sql`a.id = ${id}`,
  };
}
