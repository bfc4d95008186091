import { instantOf, sealedColumn } from '../db/cells.js';
import { Cells, packed } from '../db/layout.js';
import { type PackedReader, readPacked } from '../db/packed.js';
import type { Queries } from '../db/queries.js';
import { empty, type Sql, sql } from '../db/sql.js';
import { type OpenWants, type Part, type Wants, wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import { Customer } from './customer.js';
import { placeOf } from './customer-hashes.js';

/** What finds one customer within a merchant. */
export type CustomerKey =
  | { readonly id: CustomerId }
  | { readonly token: PaymentToken }
  | { readonly reference: string };

/** The columns of `customers c`. */
const columns = {
  id: sql`c.id`,
  token: sql`c.token`,
  version: sql`c.version`,
  sealed: sealedColumn(sql`c.sealed`),
  created_at: sql`c.created_at`,
  updated_at: sql`c.updated_at`,
};

/** Wants a customer whole, with nothing below it. */
export function wholeCustomer(): OpenWants {
  return wants(...Object.keys(columns));
}

/** What `readCustomer` reads: the customer `c` as a packed row. */
export function packedCustomer(wanted: Wants): Sql {
  return packed(columns, wanted);
}

/** Makes a customer of the row of `packedCustomer` that comes next. */
export function readCustomer(merchant: MerchantScope, reader: PackedReader, wanted: Wants): Customer {
  const cells = new Cells(reader, columns, wanted);
  const id = cells.of('id') as CustomerId;
  const parts = new Map<string, unknown>();
  const customer = new Customer({
    id,
    token: cells.of('token') as PaymentToken,
    profile: openSealed(merchant.vault, placeOf(id), cells.of('sealed')),
    version: Number(cells.of('version')),
    createdAt: instantOf(cells.of('created_at')),
    updatedAt: instantOf(cells.of('updated_at')),
    parts,
  });
  for (const [key, part] of wanted.parts) parts.set(key, part.read(merchant, reader, customer));
  return customer;
}

/** The customer `c` of a row that is joined with it, for what leads back to its customer. */
export function customerPart(wanted: OpenWants): Part {
  return {
    wants: wanted,
    column: () => packedCustomer(wanted),
    read: (merchant, reader) => readCustomer(merchant, reader, wanted),
    ofNew: (_addresses, customer) => customer,
  };
}

/** The customer that hangs on a row as its part "customer", the only one that it has; null where it was not wanted. */
export function readCustomerPart(
  merchant: MerchantScope,
  reader: PackedReader,
  { parts }: Wants,
): Customer | null {
  const part = parts.get('customer');
  return part ? (part.read(merchant, reader, part) as Customer) : null;
}

export async function findCustomer(
  db: Queries,
  merchant: MerchantScope,
  key: CustomerKey,
  wanted: Wants,
): Promise<Customer | null> {
  const [row] = await db.read<{
    row: string;
  }>(sql`select /* customers.find */ ${packedCustomer(wanted)} as row from customers c
      where c.merchant_id = ${merchant.id} and ${isCustomer(merchant, key)}${withinReach(merchant)}`);
  return row ? readPacked(row.row, (reader) => readCustomer(merchant, reader, wanted)) : null;
}

/** Narrows a statement to the customer `c` of a customer session; adds nothing for a key. */
export function withinReach({ onlyCustomer }: MerchantScope): Sql {
  return onlyCustomer === null ? empty : sql` and c.id = ${onlyCustomer}`;
}

function isCustomer(merchant: MerchantScope, key: CustomerKey): Sql {
  if ('id' in key) return sql`c.id = ${key.id}`;
  if ('token' in key) return sql`c.token = ${key.token}::uuid`;
  return sql`c.reference_hash = ${merchant.vault.hash('reference', key.reference)}`;
}
