import type { Queries } from '../db/queries.js';
import { sql } from '../db/sql.js';
import { sealedColumn } from '../read-plan/columns.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { CustomerId } from '../shared/id.js';
import type { SearchTerms } from './customer-hashes.js';

/** A customer's sealed profile, in base64. */
export interface SealedCustomer {
  readonly id: CustomerId;
  readonly sealed: string;
}

/** The customers behind one id, in the order of their ids. */
export async function listSealed(
  db: Queries,
  { id: merchantId }: MerchantScope,
  after: string,
  limit: number,
): Promise<readonly SealedCustomer[]> {
  return db.read<SealedCustomer>(sql`select /* customers.listSealed */ c.id, ${sealedColumn('c.sealed')} as sealed
    from customers c where c.merchant_id = ${merchantId} and c.id > ${after} order by c.id limit ${limit}`);
}

/**
 * Writes the terms of customers whose profile is still the same, and gives how many had others. The customers' rows are
 * locked first, as a change of a profile does it: one that is under way is waited for, and its terms stay.
 */
export async function writeTerms(
  db: Queries,
  { id: merchantId }: MerchantScope,
  customers: readonly (SealedCustomer & SearchTerms)[],
): Promise<number> {
  const of = (member: 'id' | 'sealed' | 'indexed' | 'others') =>
    customers.map((customer) => customer[member]);
  const rows = await db.write(sql`with /* customers.writeTerms */ given as (
      select * from unnest(${of('id')}::text[], ${of('sealed')}::text[], ${of('indexed')}::text[], ${of('others')}::text[])
        as given (id, sealed, terms, others)
    ),
    same as (
      select c.id from customers c join given g on g.id = c.id
      where c.merchant_id = ${merchantId} and c.sealed = decode(g.sealed, 'base64')
      order by c.id for update of c
    )
    update customer_search s set terms = g.terms::bigint[], more_terms = g.others::bigint[]
    from same join given g on g.id = same.id
    where s.merchant_id = ${merchantId} and s.customer_id = same.id
      and (s.terms, s.more_terms) <> (g.terms::bigint[], g.others::bigint[])
    returning 1 as row`);
  return rows.length;
}
