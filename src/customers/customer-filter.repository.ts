import { type Sql, sql } from '../db/sql.js';
import type { Condition } from '../read-plan/planner.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { MetadataPair } from './customer.js';
import { foundByWords, type SearchedWord } from './customer-search.repository.js';

/** Conditions on customers, in comparable form, joined by "and"; what is undefined is no condition. */
export interface CustomerFilter {
  /** Of `queryWords`, with what the caller may find. */
  readonly words: readonly SearchedWord[];
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
  conditions.push(...foundByWords(merchant, filter));
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

function within(column: Sql, range: InstantRange | undefined): Sql[] {
  const conditions: Sql[] = [];
  if (range?.from) conditions.push(sql`${column} >= ${range.from}`);
  if (range?.to) conditions.push(sql`${column} <= ${range.to}`);
  return conditions;
}
