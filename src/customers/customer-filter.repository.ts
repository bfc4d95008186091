import { empty, type Sql, sql } from '../db/sql.js';
import type { Condition } from '../read-plan/planner.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { MetadataPair } from './customer.js';
import { queryTermsOf } from './customer-hashes.js';

/** Conditions on customers, in comparable form, joined by "and"; what is undefined is no condition. */
export interface CustomerFilter {
  /** Search terms of `queryTerms`. */
  readonly words: readonly string[];
  readonly metadata: readonly MetadataPair[];
  /** Lower case, domain in ASCII. */
  readonly email?: string | undefined;
  /** Digits and a leading plus. */
  readonly phone?: string | undefined;
  readonly reference?: string | undefined;
  readonly createdAt?: InstantRange | undefined;
  readonly updatedAt?: InstantRange | undefined;
  readonly hasDefaultPaymentMethod?: boolean | undefined;
  /** Conditions that other features add. */
  readonly others: readonly Condition[];
}

/** Both ends are included. */
export interface InstantRange {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/** The conditions as SQL over the alias `c`, the merchant's own first. */
export function conditionsOf(merchant: MerchantScope, filter: CustomerFilter): Sql[] {
  const { vault } = merchant;
  const conditions = [sql`c.merchant_id = ${merchant.id}`];
  if (filter.email !== undefined) conditions.push(sql`c.email_hash = ${vault.hash('email', filter.email)}`);
  if (filter.phone !== undefined) conditions.push(sql`c.phone_hash = ${vault.hash('phone', filter.phone)}`);
  if (filter.reference !== undefined) {
    conditions.push(sql`c.reference_hash = ${vault.hash('reference', filter.reference)}`);
  }
  if (filter.words.length + filter.metadata.length > 0) conditions.push(hasTerms(merchant, filter));
  conditions.push(
    ...within(sql`c.created_at`, filter.createdAt),
    ...within(sql`c.updated_at`, filter.updatedAt),
  );
  if (filter.hasDefaultPaymentMethod !== undefined) {
    conditions.push(sql`(c.default_payment_method_id is not null) = ${filter.hasDefaultPaymentMethod}`);
  }
  conditions.push(...filter.others.map((condition) => condition(merchant)));
  return conditions;
}

function hasTerms(merchant: MerchantScope, { words, metadata }: CustomerFilter): Sql {
  const { indexed, others } = queryTermsOf(merchant, words, metadata);
  // Customers that were stored before there were others have them all in the index.
  const narrowed = others === null ? empty : sql` and (s.terms || s.more_terms) @> ${others}::bigint[]`;
  return sql`c.id in (
    select s.customer_id from customer_search s
    where s.merchant_id = ${merchant.id} and s.terms @> ${indexed}::bigint[]${narrowed}
  )`;
}

function within(column: Sql, range: InstantRange | undefined): Sql[] {
  const conditions: Sql[] = [];
  if (range?.from) conditions.push(sql`${column} >= ${range.from}`);
  if (range?.to) conditions.push(sql`${column} <= ${range.to}`);
  return conditions;
}
