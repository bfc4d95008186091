import type { Customer } from '../customers/customer.js';
import { isWithinReach } from '../customers/customer.repository.js';
import type { Change, ChangeRow } from '../customers/customer-change.js';
import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import { type Address, type AddressDraft, type AddressLines, MAX_ADDRESSES } from './address.js';
import { sealAddress } from './address.repository.js';

// How these statements are built is told at `Change`.

/** Adds an address, and makes it the default if it says so or, when it does not say, if it is the first. */
export async function insertAddress(
  db: Queries,
  merchant: MerchantScope,
  customerId: CustomerId,
  draft: Omit<AddressDraft, 'isDefault'> & { readonly isDefault: boolean | null },
  { plan, expectedVersion, at }: Change,
): Promise<(ChangeRow & { readonly addresses: number; readonly becomes_default: boolean }) | null> {
  const { id, isDefault } = draft;
  const sealed = sealAddress(merchant, customerId, draft);
  const [row] = await db.write<ChangeRow & { addresses: number; becomes_default: boolean }>(sql`with
    /* addresses.insert */ before as (
      select c.version, (
        select count(*)::integer from addresses a where a.merchant_id = ${merchant.id} and a.customer_id = c.id
      ) as addresses
      from customers c
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}, default_address_id = case
        when coalesce(${isDefault}::boolean, before.addresses = 0) then ${id} else c.default_address_id
      end
      from before
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version) and before.addresses < ${MAX_ADDRESSES}
      returning c.*
    ),
    address as (
      insert into addresses (merchant_id, customer_id, id, sealed, created_at, updated_at)
      select ${merchant.id}, ${customerId}, ${id}, ${sealed}, ${at}, ${at} from customer
      returning *
    )
    select before.version as version_before, before.addresses,
      coalesce(c.default_address_id = ${id}, false) as becomes_default,
      ${plan.columns(merchant, { table: 'addresses', id, written: 'address' })}
    from before left join customer c on true`);
  return row ?? null;
}

/** What becomes of an address; what is undefined stays as it is. */
export interface AddressUpdate {
  readonly lines: AddressLines | undefined;
  /** The customer's default address afterwards. */
  readonly defaultId: AddressId | null | undefined;
}

/** Changes an address if its customer is still at `version`; null when it is not, and when the address is gone. */
export async function updateAddress(
  db: Queries,
  merchant: MerchantScope,
  { id, customerId }: Pick<Address, 'id' | 'customerId'>,
  { lines, defaultId }: AddressUpdate,
  { plan, version, at }: { readonly plan: ReadPlan<Customer>; readonly version: number; readonly at: Date },
): Promise<Customer | null> {
  const changed = { table: 'addresses', id: lines === undefined ? null : id, written: 'address' };
  const sealed = lines === undefined ? null : sealAddress(merchant, customerId, { id, lines });
  const [row] = await db.write<Row>(sql`with /* addresses.update */ customer as (
      update customers c set version = c.version + 1, updated_at = ${at},
        default_address_id = case
          when ${defaultId !== undefined}::boolean then ${defaultId ?? null} else c.default_address_id
        end
      where c.merchant_id = ${merchant.id} and c.id = ${customerId} and c.version = ${version}
        and ${isWithinReach(merchant)}
      returning c.*
    ),
    address as (
      update addresses a set sealed = ${sealed}, updated_at = ${at}
      from customer c
      where a.merchant_id = ${merchant.id} and a.id = ${id} and ${sealed !== null}
      returning a.*
    )
    select ${plan.columns(merchant, changed)} from customer c`);
  return row ? plan.read(row, merchant) : null;
}

/** Makes an address its customer's default. Null: there is no such address. */
export async function setDefaultAddress(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  { plan, addressPlan, expectedVersion, at }: Change & { readonly addressPlan: ReadPlan<Address> },
): Promise<(ChangeRow & { readonly was_default: boolean; readonly address: string | null }) | null> {
  const [row] = await db.write<ChangeRow & { was_default: boolean; address: string | null }>(sql`with
    /* addresses.setDefault */ before as (
      select c.id, c.version, c.default_address_id is not distinct from ${id} as was_default
      from addresses a join customers c on c.merchant_id = ${merchant.id} and c.id = a.customer_id
      where a.merchant_id = ${merchant.id} and a.id = ${id} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}, default_address_id = ${id}
      from before
      where c.merchant_id = ${merchant.id} and c.id = before.id and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version) and not before.was_default
      returning c.*
    )
    select before.version as version_before, before.was_default, ${plan.columns(merchant)}, (
        select ${addressPlan.json(merchant)} from addresses a
        where a.merchant_id = ${merchant.id} and a.customer_id = c.id and a.id = ${id}
      ) as address
    from before left join customer c on true`);
  return row ?? null;
}

/** Removes an address; where it was the default, the customer has none afterwards. Null: there is none. */
export async function deleteAddress(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  { plan, expectedVersion, at }: Change,
): Promise<ChangeRow | null> {
  const [row] = await db.write<ChangeRow>(sql`with /* addresses.delete */ before as (
      select c.id, c.version
      from addresses a join customers c on c.merchant_id = ${merchant.id} and c.id = a.customer_id
      where a.merchant_id = ${merchant.id} and a.id = ${id} and ${isWithinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at},
        default_address_id = nullif(c.default_address_id, ${id})
      from before
      where c.merchant_id = ${merchant.id} and c.id = before.id and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version)
      returning c.*
    ),
    address as (
      delete from addresses a using customer c where a.merchant_id = ${merchant.id} and a.id = ${id}
    )
    select before.version as version_before, ${plan.columns(merchant, { table: 'addresses', id })}
    from before left join customer c on true`);
  return row ?? null;
}
