import type { Queries } from '../db/queries.js';
import { allOf, raw, type Sql, sql } from '../db/sql.js';
import {
  bytesOf,
  instantOf,
  type Part,
  type Row,
  readParts,
  selectList,
  type Wants,
  wants,
} from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { openSealed } from '../sealing/sealed-value.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import { type Page, type PageRequest, toPage } from '../shared/page.js';
import type { Customer, CustomerOrder, CustomerOrderField, CustomerProfile } from './customer.js';
import { type CustomerFilter, conditionsOf } from './customer-filter.repository.js';
import { hashesOf, placeOf, searchTermsOf } from './customer-hashes.js';

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
  sealed: sql`c.sealed`,
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
    profile: (sealed && openSealed(merchant.vault, placeOf(id), bytesOf(sealed))) as Customer['profile'],
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
      where c.merchant_id = ${merchant.id} and ${isCustomer(merchant, key)}
    ) r`);
  return row ? readCustomer(merchant, row, wanted) : null;
}

function isCustomer(merchant: MerchantScope, key: CustomerKey): Sql {
  if ('id' in key) return sql`c.id = ${key.id}`;
  if ('token' in key) return sql`c.token = ${key.token}::uuid`;
  return sql`c.reference_hash = ${merchant.vault.hash('reference', key.reference)}`;
}

const orderColumns: Readonly<Record<CustomerOrderField, 'created_at' | 'updated_at'>> = {
  CREATED_AT: 'created_at',
  UPDATED_AT: 'updated_at',
};

export interface CustomerListing {
  readonly filter: CustomerFilter;
  readonly order: CustomerOrder;
  readonly page: PageRequest;
}

export async function listCustomers(
  db: Queries,
  merchant: MerchantScope,
  { filter, order, page }: CustomerListing,
  wanted: Wants,
): Promise<Page<Customer>> {
  const column = orderColumns[order.field];
  wanted.columns.add(column);
  const ascending = (order.direction === 'ASC') === (page.direction === 'forward');
  const by = raw(`c.${column}`);
  const [towards, direction] = ascending ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const conditions = conditionsOf(merchant, filter);
  if (page.from) {
    const [instant, id] = page.from;
    conditions.push(sql`(${by}, c.id) ${towards} (${instant}::timestamptz, ${id})`);
  }
  const rows = await db.read<Row>(sql`select /* customers.list */ row_to_json(r) as row from (
      select ${customerSelection(wanted)} from customers c
      where ${allOf(conditions)}
      order by ${by} ${direction}, c.id ${direction}
      limit ${page.limit + 1}
    ) r`);
  return toPage(
    page,
    rows.map((row) => readCustomer(merchant, row, wanted)),
  );
}

export async function countCustomers(
  db: Queries,
  merchant: MerchantScope,
  filter: CustomerFilter,
): Promise<number> {
  const [count] = await db.read<number>(
    sql`select /* customers.count */ count(*)::integer as row from customers c where ${allOf(conditionsOf(merchant, filter))}`,
  );
  return count ?? 0;
}

export interface NewCustomer {
  readonly id: CustomerId;
  readonly token: PaymentToken;
  readonly profile: CustomerProfile;
  readonly createdAt: Date;
}

/** The addresses that a new customer brings along, sealed, and which of them is its default. */
export interface NewAddresses {
  readonly ids: readonly string[];
  readonly blobs: readonly Buffer[];
  readonly defaultId: string | null;
}

/** @throws UniqueViolation on `REFERENCE_CONSTRAINT` when another customer has the reference. */
export async function insertCustomer(
  db: Queries,
  merchant: MerchantScope,
  { id, token, profile, createdAt }: NewCustomer,
  addresses: NewAddresses,
): Promise<void> {
  const hashes = hashesOf(merchant, profile);
  const blobs = addresses.blobs.map((blob) => blob.toString('hex'));
  await db.write(sql`with /* customers.insert */ customer as (
      insert into customers (
        merchant_id, id, token, sealed, email_hash, phone_hash, reference_hash,
        default_address_id, created_at, updated_at
      ) values (
        ${merchant.id}, ${id}, ${token}::uuid, ${merchant.vault.seal(placeOf(id), profile)},
        ${hashes.email}, ${hashes.phone}, ${hashes.reference},
        ${addresses.defaultId}, ${createdAt}, ${createdAt}
      )
      returning merchant_id, id, created_at
    ),
    search as (
      insert into customer_search (merchant_id, customer_id, terms)
      select merchant_id, id, ${searchTermsOf(merchant, profile)}::bigint[] from customer
    ),
    address as (
      insert into addresses (merchant_id, customer_id, id, sealed, created_at, updated_at)
      select c.merchant_id, c.id, a.id, decode(a.sealed, 'hex'), c.created_at, c.created_at
      from customer c, unnest(${addresses.ids}::text[], ${blobs}::text[]) as a (id, sealed)
    )
    select 1 as row from customer`);
}

export const REFERENCE_CONSTRAINT = 'customers_merchant_id_reference_hash_key';

/**
 * Writes a new profile unless the customer has changed since `customer` was read; null when it has. Gives the
 * customer as it is wanted: what lies below it is not touched by the change.
 *
 * @throws UniqueViolation on `REFERENCE_CONSTRAINT` when another customer has the reference.
 */
export async function updateCustomerProfile(
  db: Queries,
  merchant: MerchantScope,
  { id, version }: Customer,
  change: { readonly profile: CustomerProfile; readonly updatedAt: Date },
  wanted: Wants,
): Promise<Customer | null> {
  const hashes = hashesOf(merchant, change.profile);
  const terms = searchTermsOf(merchant, change.profile);
  const [row] = await db.write<Row>(sql`with /* customers.update */ customer as (
      update customers set
        sealed = ${merchant.vault.seal(placeOf(id), change.profile)},
        email_hash = ${hashes.email}, phone_hash = ${hashes.phone}, reference_hash = ${hashes.reference},
        version = version + 1, updated_at = ${change.updatedAt}
      where merchant_id = ${merchant.id} and id = ${id} and version = ${version}
      returning *
    ),
    search as (
      update customer_search s set terms = ${terms}::bigint[]
      from customer c
      where s.merchant_id = c.merchant_id and s.customer_id = c.id and s.terms <> ${terms}::bigint[]
    )
    select row_to_json(r) as row from (select ${customerSelection(wanted)} from customer c) r`);
  return row ? readCustomer(merchant, row, wanted) : null;
}

/**
 * Deletes a customer with all that hangs on it, if it is at the expected version (null: at any).
 * Resolves to its version before, and whether it was deleted; null when there is no such customer.
 */
export async function deleteCustomer(
  db: Queries,
  merchant: MerchantScope,
  id: CustomerId,
  expectedVersion: number | null,
): Promise<{ readonly version: number; readonly deleted: boolean } | null> {
  const [row] = await db.write<{
    version: number;
    deleted: boolean;
  }>(sql`with /* customers.delete */ before as (
      select version from customers where merchant_id = ${merchant.id} and id = ${id}
    ),
    deleted as (
      delete from customers
      where merchant_id = ${merchant.id} and id = ${id}
        and version = coalesce(${expectedVersion}::integer, version)
      returning id
    )
    select json_build_object('version', version, 'deleted', exists (select from deleted)) as row from before`);
  return row ?? null;
}
