import { instantOf, sealedColumn } from '../db/cells.js';
import { type Layout, layoutOf, readParts } from '../db/layout.js';
import { cellsOf } from '../db/packed.js';
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
  return layoutOf(columns, wanted).packed;
}

/** Makes a customer of a row of `packedCustomer`. */
export function readCustomer(merchant: MerchantScope, row: string, wanted: Wants): Customer {
  const layout = layoutOf(columns, wanted);
  const { at, level } = layout;
  const cells: readonly (string | undefined)[] = cellsOf(row, level);
  const id = cells[at.id] as CustomerId;
  const sealed = cells[at.sealed];
  const parts = new Map<string, unknown>();
  const customer = new Customer({
    id,
    token: cells[at.token] as PaymentToken,
    profile: (sealed && openSealed(merchant.vault, placeOf(id), sealed)) as Customer['profile'],
    version: Number(cells[at.version]),
    createdAt: instantOf(cells[at.created_at]),
    updatedAt: instantOf(cells[at.updated_at]),
    parts,
  });
  readParts(layout, wanted, { merchant, cells, parent: customer }, parts);
  return customer;
}

/** The customer `c` of a row that is joined with it, for what leads back to its customer. */
export function customerPart(wanted: OpenWants): Part {
  return {
    wants: wanted,
    column: () => packedCustomer(wanted),
    read: (merchant, packed) => readCustomer(merchant, packed, wanted),
    ofNew: (_addresses, customer) => customer,
  };
}

/** The customer that hangs on a row as its part "customer"; null where it was not wanted. */
export function readCustomerPart(
  merchant: MerchantScope,
  layout: Layout,
  wanted: Wants,
  cells: readonly (string | undefined)[],
): Customer | null {
  const parts = new Map<string, unknown>();
  readParts(layout, wanted, { merchant, cells, parent: {} }, parts);
  return (parts.get('customer') as Customer | undefined) ?? null;
}

export async function findCustomer(
  db: Queries,
  merchant: MerchantScope,
  key: CustomerKey,
  wanted: Wants,
): Promise<Customer | null> {
  const [row] =
    await db.read<string>(sql`select /* customers.find */ ${packedCustomer(wanted)} as row from customers c
      where c.merchant_id = ${merchant.id} and ${isCustomer(merchant, key)}${withinReach(merchant)}`);
  return row ? readCustomer(merchant, row, wanted) : null;
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
