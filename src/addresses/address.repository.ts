import type { Customer } from '../customers/customer.js';
import { customerPart, readCustomerPart, withinReach } from '../customers/customer.repository.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import {
  blobOf,
  instantOf,
  mergeWants,
  type Part,
  type Row,
  sealedColumn,
  selectList,
  type Wants,
  wantPart,
  wants,
} from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import type { Address, AddressDraft } from './address.js';

/** The columns of `addresses a` beside its customer `c`. */
const columns = {
  id: sql`a.id`,
  customer_id: sql`a.customer_id`,
  sealed: sealedColumn(sql`a.sealed`),
  is_default: sql`a.id is not distinct from c.default_address_id as is_default`,
  created_at: sql`a.created_at`,
  updated_at: sql`a.updated_at`,
};

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
  const customerId = customer?.id ?? customer_id;
  const place = placeOf(customerId, id);
  return {
    __typename: 'Address',
    id,
    customerId,
    lines: (sealed && openSealed(merchant.vault, place, blobOf(sealed))) as Address['lines'],
    isDefault: is_default,
    createdAt: instantOf(created_at),
    updatedAt: instantOf(updated_at),
    customer: customer ?? readCustomerPart(merchant, row, wanted),
  };
}

/** Every address of the customer `c`, the default first, then oldest first. */
export function addressesOfCustomer(wanted: Wants): Part {
  return {
    wants: wanted,
    column: () => sql`(
      select coalesce(json_agg(r), '[]'::json) from (
        select ${addressSelection(wanted)} from addresses a
        where a.merchant_id = c.merchant_id and a.customer_id = c.id
        order by a.id is not distinct from c.default_address_id desc, a.created_at, a.id
      ) r
    )`,
    read: (merchant, json, parent) =>
      (json as Row[]).map((row) => readAddress(merchant, row, wanted, parent as Customer)),
    ofNew: (addresses) => addresses,
  };
}

/** The default address of the customer `c`, or null. */
export function defaultAddressOfCustomer(wanted: Wants): Part {
  return {
    wants: wanted,
    column: () => sql`(
      select row_to_json(r) from (
        select ${addressSelection(wanted)} from addresses a
        where a.merchant_id = c.merchant_id and a.id = c.default_address_id
      ) r
    )`,
    read: (merchant, json, parent) => json && readAddress(merchant, json as Row, wanted, parent as Customer),
    ofNew: (addresses) => (addresses as readonly Address[]).find(({ isDefault }) => isDefault) ?? null,
  };
}

/** What the answer to a change wants of the address and of its customer. */
export interface Answer {
  readonly address: Wants;
  readonly customer: Wants;
}

/** An address whole, with its customer as it is wanted, at the least its version. */
export async function findWithCustomer(
  db: Queries,
  merchant: MerchantScope,
  id: AddressId,
  wanted: Wants,
): Promise<(Address & { readonly customer: Customer }) | null> {
  const ofCustomer = wants('id', 'version');
  mergeWants(ofCustomer, wanted);
  const ofAddress = wants(...Object.keys(columns));
  wantPart(ofAddress, 'customer', customerPart(ofCustomer));
  const [row] = await db.read<Row>(sql`select /* addresses.find */ row_to_json(r) as row from (
      select ${addressSelection(ofAddress)}
      from addresses a join customers c on c.merchant_id = a.merchant_id and c.id = a.customer_id
      where a.merchant_id = ${merchant.id} and a.id = ${id}${withinReach(merchant)}
    ) r`);
  return row ? (readAddress(merchant, row, ofAddress) as Address & { readonly customer: Customer }) : null;
}

/** Seals the lines of a customer's address. */
export function sealAddress(
  { vault }: MerchantScope,
  customerId: CustomerId,
  { id, lines }: Pick<AddressDraft, 'id' | 'lines'>,
): Buffer {
  return vault.seal(placeOf(customerId, id), lines);
}

function placeOf(customerId: CustomerId, id: AddressId): Place {
  return { table: 'addresses', rowId: id, customerId };
}
