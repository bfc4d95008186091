import type { Queries } from '../db/queries.js';
import { empty, type Sql, sql } from '../db/sql.js';
import {
  blobOf,
  instantOf,
  type Part,
  type Row,
  readParts,
  sealedColumn,
  selectList,
  type Wants,
  wants,
} from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import type { Customer } from './customer.js';
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
export function wholeCustomer(): Wants {
  return wants(...Object.keys(columns));
}

/** The select list that `readCustomer` reads, over the alias `c`. */
export function customerSelection(wanted: Wants): Sql {
  return selectList(columns, wanted);
}

/** Makes a customer of a JSON row of `customerSelection`. */
export function readCustomer(merchant: MerchantScope, row: Row, wanted: Wants): Customer {
  const { id, token, version, sealed, created_at, updated_at } = row as unknown as CustomerRow;
  const parts = new Map<string, unknown>();
  const customer: Customer = {
    __typename: 'Customer',
    id,
    token,
    profile: (sealed && openSealed(merchant.vault, placeOf(id), blobOf(sealed))) as Customer['profile'],
    version,
    createdAt: instantOf(created_at),
    updatedAt: instantOf(updated_at),
    parts,
  };
  for (const [key, value] of readParts(merchant, row, wanted, customer)) parts.set(key, value);
  return customer;
}

/** The customer `c` of a row that is joined with it, for what leads back to its customer. */
export function customerPart(wanted: Wants): Part {
  return {
    wants: wanted,
    column: () => sql`(select row_to_json(r) from (select ${customerSelection(wanted)}) r)`,
    read: (merchant, json) => readCustomer(merchant, json as Row, wanted),
    ofNew: (_addresses, customer) => customer,
  };
}

/** The customer that hangs on a row as its part "customer"; null where it was not wanted. */
export function readCustomerPart(merchant: MerchantScope, row: Row, wanted: Wants): Customer | null {
  const [part] = readParts(merchant, row, wanted, {});
  return (part?.[1] as Customer | undefined) ?? null;
}

interface CustomerRow {
  readonly id: CustomerId;
  readonly token: PaymentToken;
  readonly version: number;
  readonly sealed?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
}

export async function findCustomer(
  db: Queries,
  merchant: MerchantScope,
  key: CustomerKey,
  wanted: Wants,
): Promise<Customer | null> {
  const [row] = await db.read<Row>(sql`select /* customers.find */ row_to_json(r) as row from (
      select ${customerSelection(wanted)} from customers c
      where c.merchant_id = ${merchant.id} and ${isCustomer(merchant, key)}${withinReach(merchant)}
    ) r`);
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
