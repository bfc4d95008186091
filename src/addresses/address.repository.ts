import type { Customer } from '../customers/customer.js';
import { customerSelection, readCustomer } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import { bytesOf, type Part, type Row, readParts, selectList, type Wants, wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import type { Address, AddressDraft, AddressLines } from './address.js';

/** The columns of `addresses a` beside its customer `c`. */
const columns = {
  id: sql`a.id`,
  customer_id: sql`a.customer_id`,
  sealed: sql`a.sealed`,
  is_default: sql`a.id is not distinct from c.default_address_id as is_default`,
  created_at: sql`a.created_at`,
  updated_at: sql`a.updated_at`,
};

/** Wants an address whole, without its customer. */
export function wholeAddress(): Wants {
  return wants(...Object.keys(columns));
}

interface AddressRow {
  readonly id: AddressId;
  readonly customer_id: CustomerId;
  readonly sealed?: string;
  readonly is_default: boolean;
  readonly created_at?: string;
  readonly updated_at?: string;
}

/** The select list that `readAddress` reads, over the aliases `a` and `c`. */
export function addressSelection(wanted: Wants): Sql {
  return selectList(columns, wanted);
}

/** Makes an address of a JSON row; `customer` where it hangs below one that is read along. */
export function readAddress(
  merchant: MerchantScope,
  row: Row,
  wanted: Wants,
  customer: Customer | null = null,
): Address {
  const { id, customer_id, sealed, is_default, created_at, updated_at } = row as unknown as AddressRow;
  const parts = new Map<string, unknown>();
  const customerId = customer?.id ?? customer_id;
  const place = placeOf(customerId, id);
  const address = {
    __typename: 'Address',
    id,
    customerId,
    isDefault: is_default,
    ...(sealed !== undefined && { lines: openSealed<AddressLines>(merchant.vault, place, bytesOf(sealed)) }),
    ...(created_at !== undefined && { createdAt: new Date(created_at) }),
    ...(updated_at !== undefined && { updatedAt: new Date(updated_at) }),
  } as Address;
  readParts({ row, wanted, merchant }, address, parts);
  return { ...address, customer: customer ?? (parts.get('customer') as Customer | undefined) ?? null };
}
