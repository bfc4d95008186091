import type { Customer } from '../customers/customer.js';
import { allOf, grows, type Sql, sql } from '../db/sql.js';
import { jsonRows } from '../read-plan/columns.js';
import type { ChildKind, ChildSelect, Row } from '../read-plan/read-plan.js';
import { type PageRequest, type Position, toPage } from '../shared/page.js';
import type { PaymentMethod, PaymentMethodPage } from './payment-method.js';
import type { PaymentMethodFilter } from './payment-method-filter.js';
import { conditionsOf } from './payment-method-filter.repository.js';

/** What to list of a customer's payment methods. */
export interface PaymentMethodListing {
  readonly key: string;
  readonly page: PageRequest;
  /** Null: one that nothing meets. */
  readonly filter: PaymentMethodFilter | null;
}

type WithPages = Customer & { paymentMethods?: { key: string; totalCount?: number }[] };

/** A page of the payment methods of the customer `c`: the default first, then newest first. */
export function pageKind({ key, page, filter }: PaymentMethodListing): ChildKind<Customer, PaymentMethod> {
  return {
    sql: (select) => (filter === null ? sql`null::json` : pageOf(page, filter, select)),
    put: (customer: WithPages, json: readonly Row[] | null, plan, merchant) => {
      const items = plan.readBelow(json, merchant, customer);
      customer.paymentMethods ??= [];
      customer.paymentMethods.push({ key, ...toPage(page, items) } satisfies PaymentMethodPage);
    },
  };
}

/** How many payment methods of the customer `c` the filter of a page lets through; stands behind that page. */
export function totalKind({ key, filter }: PaymentMethodListing): ChildKind<Customer, PaymentMethod> {
  return {
    sql: ({ rows }) => {
      if (filter === null) return sql`0`;
      const counted = rows('payment_methods', 'p', sql`p.customer_id = c.id and ${meets(filter)}`);
      return sql`(select ${grows}count(*)::integer from (${counted}) p)`;
    },
    put: (customer: WithPages, count: number) => {
      const page = customer.paymentMethods?.find((each) => each.key === key);
      if (page) page.totalCount = count;
    },
  };
}

/**
 * The rows of a page in reading order, and one more: the default is read by its key and the others by their index, so
 * that a customer with thousands of payment methods costs no more than one with five.
 */
function pageOf(
  { from, direction, limit }: PageRequest,
  filter: PaymentMethodFilter,
  { columns, rows }: ChildSelect,
): Sql {
  const forward = direction === 'forward';
  const order = sql`order by ${forward ? sql`p.linked_at desc, p.id desc` : sql`p.linked_at, p.id`} limit ${limit + 1}`;
  const others = rows(
    'payment_methods',
    'p',
    sql`p.customer_id = c.id and p.id is distinct from c.default_payment_method_id
      and ${isBeyond(from, direction)} and ${meets(filter)}`,
    order,
  );
  // Reading forward from any row, the default lies behind; reading backward from itself, too.
  if (from !== null && (forward || from[0] === 0)) return jsonRows(sql`select ${columns} from (${others}) p`);
  const isDefault = sql`p.customer_id = c.id and p.id = c.default_payment_method_id and ${meets(filter)}`;
  const first = rows('payment_methods', 'p', isDefault);
  const [one, other] = forward ? [first, others] : [others, first];
  return jsonRows(sql`select ${columns} from ((${one}) union all (${other}) limit ${limit + 1}) p`);
}

function isBeyond(from: Position | null, direction: PageRequest['direction']): Sql {
  if (from === null) return sql`true`;
  const [rank, linkedAt, id] = from;
  if (rank === 0) return direction === 'forward' ? sql`true` : sql`false`;
  const towards = direction === 'forward' ? sql`<` : sql`>`;
  return sql`(p.linked_at, p.id) ${towards} (${linkedAt}::timestamptz, ${id})`;
}

function meets(filter: PaymentMethodFilter): Sql {
  const conditions = conditionsOf(filter);
  return conditions.length === 0 ? sql`true` : sql`${grows}${allOf(conditions)}`;
}
