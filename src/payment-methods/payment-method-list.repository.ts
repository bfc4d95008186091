import type { Customer } from '../customers/customer.js';
import { empty, join, type Sql, sql } from '../db/sql.js';
import type { Part, Row, Wants } from '../db/wants.js';
import { type PageRequest, type Position, toPage } from '../shared/page.js';
import { paymentMethodSelection, readPaymentMethod } from './payment-method.repository.js';
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

interface ListJson {
  readonly items: readonly Row[];
  readonly total: number | null;
}

const emptyList: PaymentMethodPage = {
  page: { items: [], hasNextPage: false, hasPreviousPage: false },
  totalCount: 0,
};

/** A page of the payment methods of the customer `c`: the default first, then newest first. */
export function paymentMethodsOfCustomer({ page, filter }: PaymentMethodListing, wanted: Wants): Part {
  for (const column of ['is_default', 'linked_at']) wanted.columns.add(column);
  return {
    wants: wanted,
    column: () => {
      if (filter === null) return sql`null::json`;
      const total = wanted.columns.has(TOTAL_COUNT) ? countOf(filter) : sql`null`;
      return sql`(
        select json_build_object('items', coalesce(json_agg(r), '[]'::json), 'total', ${total}) from (
          select ${paymentMethodSelection(wanted)}
          from (${defaultOf(page, filter)} union all ${othersOf(page, filter)}) p
          order by ${readingOrder(page)} limit ${page.limit + 1}
        ) r
      )`;
    },
    read: (merchant, json, parent) => {
      if (filter === null) return emptyList;
      const { items, total } = json as ListJson;
      const read = items.map((row) => readPaymentMethod(merchant, row, wanted, parent as Customer));
      return { page: toPage(page, read), totalCount: total } satisfies PaymentMethodPage;
    },
    ofNew: () => emptyList,
  };
}

const ofCustomer = sql`p.merchant_id = c.merchant_id and p.customer_id = c.id`;

function countOf(filter: PaymentMethodFilter): Sql {
  return sql`(select count(*)::integer from payment_methods p where ${ofCustomer}${andMeetsAll(filter)})`;
}

// The default is read by its key and the others by their index, so that a customer with thousands of payment
// methods costs no more than one with five.
function defaultOf({ from, direction }: PageRequest, filter: PaymentMethodFilter): Sql {
  // Reading forward from any row, the default lies behind; reading backward from itself, too.
  const behind = from !== null && (direction === 'forward' || from[0] === 0);
  return sql`(
    select p.*, 0 as rank from payment_methods p
    where ${ofCustomer} and p.id = c.default_payment_method_id${behind ? sql` and false` : empty}${andMeetsAll(filter)}
  )`;
}

function othersOf({ from, direction, limit }: PageRequest, filter: PaymentMethodFilter): Sql {
  return sql`(
    select p.*, 1 as rank from payment_methods p
    where ${ofCustomer} and p.id is distinct from c.default_payment_method_id${beyond(from, direction)}${andMeetsAll(filter)}
    order by ${direction === 'forward' ? sql`p.linked_at desc, p.id desc` : sql`p.linked_at, p.id`} limit ${limit + 1}
  )`;
}

function beyond(from: Position | null, direction: PageRequest['direction']): Sql {
  if (from === null) return empty;
  const [rank, linkedAt, id] = from;
  if (rank === 0) return direction === 'forward' ? empty : sql` and false`;
  const towards = direction === 'forward' ? sql`<` : sql`>`;
  return sql` and (p.linked_at, p.id) ${towards} (${linkedAt}::timestamptz, ${id})`;
}

function readingOrder({ direction }: PageRequest): Sql {
  return direction === 'forward'
    ? sql`p.rank, p.linked_at desc, p.id desc`
    : sql`p.rank desc, p.linked_at, p.id`;
}

function andMeetsAll(filter: PaymentMethodFilter): Sql {
  const conditions = conditionsOf(filter);
  return conditions.length === 0 ? empty : sql` and ${join(conditions, ' and ')}`;
}
