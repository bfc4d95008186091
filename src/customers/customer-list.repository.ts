import type { Queries } from '../db/queries.js';
import { allOf, empty, grows, raw, sql } from '../db/sql.js';
import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { type Page, type PageRequest, toPage } from '../shared/page.js';
import type { Customer, CustomerOrder, CustomerOrderField } from './customer.js';
import { type CustomerFilter, conditionsOf } from './customer-filter.repository.js';

const orderColumns: Readonly<Record<CustomerOrderField, 'created_at' | 'updated_at'>> = {
  CREATED_AT: 'created_at',
  UPDATED_AT: 'updated_at',
};

export interface CustomerListing {
  readonly filter: CustomerFilter;
  readonly order: CustomerOrder;
  readonly page: PageRequest;
}

/** A page of a list, and how many there are on all pages; null where nobody asks. */
export interface CountedPage {
  readonly page: Page<Customer>;
  readonly total: number | null;
}

export async function listCustomers(
  db: Queries,
  merchant: MerchantScope,
  { filter, order, page }: CustomerListing,
  { plan: selected, counts }: { readonly plan: ReadPlan<Customer>; readonly counts: boolean },
): Promise<CountedPage> {
  const column = orderColumns[order.field];
  const plan = selected.with(column);
  const ascending = (order.direction === 'ASC') === (page.direction === 'forward');
  const by = raw(`c.${column}`);
  const [towards, direction] = ascending ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const conditions = conditionsOf(merchant, filter);
  const behind = page.from
    ? sql`(${by}, c.id) ${towards} (${page.from[0]}::timestamptz, ${page.from[1]})`
    : null;
  const inOrder = sql`order by ${by} ${direction}, c.id ${direction} limit ${page.limit + 1}`;
  const columns = plan.columns(merchant);
  if (counts && isSearch(filter)) {
    // What is found is counted and shown, and looked for once.
    const rows = await db.read<
      Row & { total: number }
    >(sql`with /* customers.search */ ${grows}found as materialized (
        select c.id, ${by} from customers c where ${allOf(conditions)}
      ),
      shown as (select c.id from found c ${behind ? sql`where ${behind}` : empty} ${inOrder})
      select ${columns}, (select count(*)::integer from found) as total
      from customers c where c.merchant_id = ${merchant.id} and c.id in (select id from shown) ${inOrder}`);
    const total = rows[0]?.total ?? (behind ? await countCustomers(db, merchant, filter) : 0);
    return { page: toPage(page, await plan.readAll(rows, merchant)), total };
  }
  const mark = isPlainPage(filter, order) ? empty : grows;
  const [rows, total] = await Promise.all([
    db.read<Row>(sql`select /* customers.list */ ${mark}${columns}
      from customers c
      where ${allOf(behind ? [...conditions, behind] : conditions)}
      ${inOrder}`),
    counts ? countCustomers(db, merchant, filter) : null,
  ]);
  return { page: toPage(page, await plan.readAll(rows, merchant)), total };
}

/** Whether what the filter lets through is looked up in an index, in no order, before anything is shown of it. */
function isSearch({ words, metadata, email, phone }: CustomerFilter): boolean {
  return words.length + metadata.length > 0 || email !== undefined || phone !== undefined;
}

/**
 * Whether the rows of a page stand next to each other in an index: in the list's own order, or by a reference, which
 * is one customer's. Any other filter may let nothing of all that there is through.
 */
function isPlainPage(
  { words, metadata, others, reference, ...filter }: CustomerFilter,
  { field }: CustomerOrder,
): boolean {
  if (reference !== undefined) return true;
  const { email, phone, hasDefaultPaymentMethod, createdAt, updatedAt } = filter;
  const range = field === 'CREATED_AT' ? updatedAt : createdAt;
  const given = [email, phone, hasDefaultPaymentMethod, range].some((condition) => condition !== undefined);
  return !given && words.length + metadata.length + others.length === 0;
}

async function countCustomers(db: Queries, merchant: MerchantScope, filter: CustomerFilter): Promise<number> {
  const [row] = await db.read<{ row: number }>(
    sql`select /* customers.count */ ${grows}count(*)::integer as row from customers c where ${allOf(conditionsOf(merchant, filter))}`,
  );
  return row?.row ?? 0;
}
