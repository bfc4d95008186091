import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId, PaymentToken } from '../shared/id.js';
import type { Customer, CustomerProfile } from './customer.js';
import { hashesOf, placeOf, searchTermsOf } from './customer-hashes.js';

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
  const terms = searchTermsOf(merchant, profile);
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
    ),
    search as (
      insert into customer_search (merchant_id, customer_id, terms, more_terms)
      values (${merchant.id}, ${id}, ${terms.indexed}::bigint[], ${terms.others}::bigint[])
    ),
    address as (
      insert into addresses (merchant_id, customer_id, id, sealed, created_at, updated_at)
      select ${merchant.id}, ${id}, a.id, decode(a.sealed, 'hex'), ${createdAt}, ${createdAt}
      from unnest(${addresses.ids}::text[], ${blobs}::text[]) as a (id, sealed)
    )
    select 1 as inserted`);
}

export const REFERENCE_CONSTRAINT = 'customers_merchant_id_reference_hash_key';

/**
 * Writes a new profile unless the customer has changed since `customer` was read; null when it has. Gives the
 * customer as it is selected: what lies below it is not touched by the change.
 *
 * @throws UniqueViolation on `REFERENCE_CONSTRAINT` when another customer has the reference.
 */
export async function updateCustomerProfile(
  db: Queries,
  merchant: MerchantScope,
  { id, version }: Customer,
  change: { readonly profile: CustomerProfile; readonly updatedAt: Date },
  plan: ReadPlan<Customer>,
): Promise<Customer | null> {
  const hashes = hashesOf(merchant, change.profile);
  const terms = searchTermsOf(merchant, change.profile);
  const [row] = await db.write<Row>(sql`with /* customers.update */ customer as (
      update customers c set
        sealed = ${merchant.vault.seal(placeOf(id), change.profile)},
        email_hash = ${hashes.email}, phone_hash = ${hashes.phone}, reference_hash = ${hashes.reference},
        version = c.version + 1, updated_at = ${change.updatedAt}
      where c.merchant_id = ${merchant.id} and c.id = ${id} and c.version = ${version}
      returning c.*
    ),
    search as (
      update customer_search s set terms = ${terms.indexed}::bigint[], more_terms = ${terms.others}::bigint[]
      from customer c
      where s.merchant_id = ${merchant.id} and s.customer_id = c.id
        and (s.terms, s.more_terms) <> (${terms.indexed}::bigint[], ${terms.others}::bigint[])
    )
    select ${plan.columns(merchant)} from customer c`);
  return row ? plan.read(row, merchant) : null;
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
      select c.version from customers c where c.merchant_id = ${merchant.id} and c.id = ${id}
    ),
    deleted as (
      delete from customers c
      where c.merchant_id = ${merchant.id} and c.id = ${id}
        and c.version = coalesce(${expectedVersion}::integer, c.version)
      returning c.id
    )
    select version, exists (select from deleted) as deleted from before`);
  return row ?? null;
}
