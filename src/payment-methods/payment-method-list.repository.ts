import type { Customer } from '../customers/customer.js';
import { noRows, packedOptional, packedRow, packedRows } from '../db/packed.js';
import { allOf, empty, grows, type Sql, sql } from '../db/sql.js';
import type { OpenWants, Part } from '../db/wants.js';
import { type PageRequest, type Position, toPage } from '../shared/page.js';
import { packedPaymentMethod, readPaymentMethod } from './payment-method.repository.js';
import type { PaymentMethodFilter } from './payment-method-filter.js';
import { conditionsOf } from './payment-method-filter.repository.js';
import type { PaymentMethodPage } from './payment-method-page.js';

/** What to list of a customer's payment methods; null as filter is one that nothing meets. */
export interface PaymentMethodListing {
  readonly page: PageRequest;
  readonly filter: PaymentMethodFilter | null;
}

/** In the wants of a list: count the rows that the filter lets through. */
export const TOTAL_COUNT = 'total count';

const emptyList: PaymentMethodPage = {
  page: { items: [], hasNextPage: false, hasPreviousPage: false },
  totalCount: 0,
};

/** A page of the payment methods of the customer `c`: the default first, then newest first. */
export function paymentMethodsOfCustomer(listing: PaymentMethodListing, wanted: OpenWants): Part {
  for (const column of ['is_default', 'linked_at']) wanted.columns.add(column);
  const { page, filter } = listing;
  return {
    wants: wanted,
    column: () => listOf(page, filter, wanted),
    read: (merchant, reader, parent) => {
      const read = () => readPaymentMethod(merchant, reader, wanted, parent as Customer);
      const total = reader.next();
      const rows = [...reader.rows(read), ...reader.rows(read)].slice(0, page.limit + 1);
      const totalCount = total === '' ? null : Number(total);
      return { page: toPage(page, rows), totalCount } satisfies PaymentMethodPage;
    },
    ofNew: () => emptyList,
  };
}

/**
 * The number of all where it is wanted, and the rows in reading order: the default is read by its key and the others
 * by their index, so that a customer with thousands of payment methods costs no more than one with five.
 */
function listOf(page: PageRequest, filter: PaymentMethodFilter | null, wanted: OpenWants): Sql {
  if (filter === null) return packedRow([noRows, noRows, noRows]);
  const total = wanted.columns.has(TOTAL_COUNT) ? countOf(filter) : sql`null`;
  const rows = [defaultOf(page, filter, wanted), othersOf(page, filter, wanted)];
  return packedRow([total, ...(page.direction === 'forward' ? rows : rows.toReversed())]);
}

const ofCustomer = sql`p.merchant_id = c.merchant_id and p.customer_id = c.id`;

function countOf(filter: PaymentMethodFilter): Sql {
  return sql`(select ${grows}count(*)::integer from payment_methods p where ${ofCustomer}${andMeetsAll(filter)})`;
}

function defaultOf({ from, direction }: PageRequest, filter: PaymentMethodFilter, wanted: OpenWants): Sql {
  // Reading forward from any row, the default lies behind; reading backward from itself, too.
  if (from !== null && (direction === 'forward' || from[0] === 0)) return noRows;
  const isDefault = sql`payment_methods p
    where ${ofCustomer} and p.id = c.default_payment_method_id${andMeetsAll(filter)}`;
  return packedOptional(packedPaymentMethod(wanted), isDefault);
}

function othersOf(
  { from, direction, limit }: PageRequest,
  filter: PaymentMethodFilter,
  wanted: OpenWants,
): Sql {
  const order = direction === 'forward' ? sql`p.linked_at desc, p.id desc` : sql`p.linked_at, p.id`;
  const page = sql`(
    select p.* from payment_methods p
    where ${ofCustomer} and p.id is distinct from c.default_payment_method_id${beyond(from, direction)}${andMeetsAll(filter)}
    order by ${order} limit ${limit + 1}
  ) p`;
  return packedRows(packedPaymentMethod(wanted), page);
}

function beyond(from: Position | null, direction: PageRequest['direction']): Sql {
  if (from === null) return empty;
  const [rank, linkedAt, id] = from;
  if (rank === 0) return direction === 'forward' ? empty : sql` and false`;
  const towards = direction === 'forward' ? sql`<` : sql`>`;
  return sql` and (p.linked_at, p.id) ${towards} (${linkedAt}::timestamptz, ${id})`;
}

function andMeetsAll(filter: PaymentMethodFilter): Sql {
  const conditions = conditionsOf(filter);
  return conditions.length === 0 ? empty : sql` and ${grows}${allOf(conditions)}`;
}
