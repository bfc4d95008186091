import type { Customer } from '../customers/customer.js';
import { customerPart, readCustomerPart, withinReach } from '../customers/customer.repository.js';
import { instantOf, isTrue, sealedColumn } from '../db/cells.js';
import { Cells, packed } from '../db/layout.js';
import { type PackedReader, packedOptional, packedRows, readPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { type Sql, sql } from '../db/sql.js';
import { mergeWants, type OpenWants, type Part, type Wants, wantPart, wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Place } from '../sealing/merchant-vault.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { AddressId, CustomerId } from '../shared/id.js';
import { Address, type AddressDraft, inOrder } from './address.js';

/** The columns of `addresses a` beside its customer `c`. */
const columns = {
  id: sql`a.id`,
  customer_id: sql`a.customer_id`,
  sealed: sealedColumn(sql`a.sealed`),
  is_default: sql`a.id is not distinct from c.default_address_id`,
  created_at: sql`a.created_at`,
  updated_at: sql`a.updated_at`,
};

/** What `readAddress` reads: the address `a`, beside its customer `c`, as a packed row. */
export function packedAddress(wanted: Wants): Sql {
  return packed(columns, wanted);
}

/** Makes an address of the row of `packedAddress` that comes next; `customer` where that is read along. */
export function readAddress(
  merchant: MerchantScope,
  reader: PackedReader,
  wanted: Wants,
  customer: Customer | null = null,
): Address {
  const cells = new Cells(reader, columns, wanted);
  const id = cells.of('id') as AddressId;
  const customerId = customer?.id ?? (cells.of('customer_id') as CustomerId);
  return new Address({
    id,
    customerId,
    lines: openSealed(merchant.vault, placeOf(customerId, id), cells.of('sealed')),
    isDefault: isTrue(cells.of('is_default')),
    createdAt: instantOf(cells.of('created_at')),
    updatedAt: instantOf(cells.of('updated_at')),
    customer: readCustomerPart(merchant, reader, wanted) ?? customer,
  });
}

/** Every address of the customer `c`, the default first, then oldest first. */
export function addressesOfCustomer(wanted: OpenWants): Part {
  // They are put in order here: a customer has few, and PostgreSQL takes longer to begin sorting than to find them.
  for (const column of ['is_default', 'created_at']) wanted.columns.add(column);
  const ofCustomer = sql`addresses a where a.merchant_id = c.merchant_id and a.customer_id = c.id`;
  return {
    wants: wanted,
    column: () => packedRows(packedAddress(wanted), ofCustomer),
    read: (merchant, reader, parent) =>
      inOrder(reader.rows(() => readAddress(merchant, reader, wanted, parent as Customer))),
    ofNew: (addresses) => addresses,
  };
}

/** The default address of the customer `c`, or null. */
export function defaultAddressOfCustomer(wanted: OpenWants): Part {
  const ofCustomer = sql`addresses a where a.merchant_id = c.merchant_id and a.id = c.default_address_id`;
  return {
    wants: wanted,
    column: () => packedOptional(packedAddress(wanted), ofCustomer),
    read: (merchant, reader, parent) =>
      reader.optional(() => readAddress(merchant, reader, wanted, parent as Customer)),
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
  const [row] = await db.read<{
    row: string;
  }>(sql`select /* addresses.find */ ${packedAddress(ofAddress)} as row
      from addresses a join customers c on c.merchant_id = a.merchant_id and c.id = a.customer_id
      where a.merchant_id = ${merchant.id} and a.id = ${id}${withinReach(merchant)}`);
  const address = row && readPacked(row.row, (reader) => readAddress(merchant, reader, ofAddress));
  return address ? (address as Address & { readonly customer: Customer }) : null;
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
