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

export async function listCustomers(
  db: Queries,
  merchant: MerchantScope,
  { filter, order, page }: CustomerListing,
  selected: ReadPlan<Customer>,
): Promise<Page<Customer>> {
  const column = orderColumns[order.field];
  const plan = selected.with(column);
  const ascending = (order.direction === 'ASC') === (page.direction === 'forward');
  const by = raw(`c.${column}`);
  const [towards, direction] = ascending ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const conditions = conditionsOf(merchant, filter);
  const mark = isPlainPage(filter, order) ? empty : grows;
  if (page.from) {
    const [instant, id] = page.from;
    conditions.push(sql`(${by}, c.id) ${towards} (${instant}::timestamptz, ${id})`);
  }
  const rows = await db.read<Row>(sql`select /* customers.list */ ${mark}${plan.columns(merchant)}
    from customers c
    where ${allOf(conditions)}
    order by ${by} ${direction}, c.id ${direction}
    limit ${page.limit + 1}`);
  return toPage(page, await plan.readAll(rows, merchant));
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

export async function countCustomers(
  db: Queries,
  merchant: MerchantScope,
  filter: CustomerFilter,
): Promise<number> {
  const [row] = await db.read<{ row: number }>(
    sql`select /* customers.count */ ${grows}count(*)::integer as row from customers c where ${allOf(conditionsOf(merchant, filter))}`,
  );
  return row?.row ?? 0;
}
