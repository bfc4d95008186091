import { readPacked } from '../db/packed.js';
import { type Sql, sql } from '../db/sql.js';
import type { Wants } from '../db/wants.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { outrun } from '../shared/attempts.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import type { Customer } from './customer.js';
import { packedCustomer, readCustomer, withinReach } from './customer.repository.js';

/** A change of what belongs to a customer, as one statement that changes the customer's row too. */
export interface CustomerChange {
  /** The statement's name as a comment, for PostgreSQL's log and statistics. */
  readonly name: Sql;
  readonly merchant: MerchantScope;
  /** Tables beside `customers c` that say whose change it is, for example `join addresses a on …`; may be empty. */
  readonly join: Sql;
  /** Which customer: a condition over `c` and what was joined. */
  readonly where: Sql;
  /** Further columns of `before`, each beginning with a comma; may be empty. */
  readonly look: Sql;
  /** Further columns that change, each beginning with a comma; over `c` and `before`. */
  readonly set: Sql;
  /** Changes nothing unless this is true, over `c` and `before`. */
  readonly when: Sql;
  readonly expectedVersion: number | null;
  readonly at: Date;
}

/**
 * The beginning of a statement: `before` is the customer as the statement sees it, `customer` the same row after
 * the change, and empty when nothing was changed. What else changes hangs on `customer`, so all of it happens or
 * none. A change that committed in between makes `customer` empty too, because the version is not the same then.
 */
export function changingCustomer(change: CustomerChange): Sql {
  const { name, merchant, join, where, look, set, when, expectedVersion, at } = change;
  return sql`with ${name} before as (
      select c.id, c.version, c.default_address_id, c.default_payment_method_id${look}
      from customers c ${join}
      where c.merchant_id = ${merchant.id} and ${where}${withinReach(merchant)}
    ),
    customer as (
      update customers c set version = c.version + 1, updated_at = ${at}${set}
      from before
      where c.merchant_id = ${merchant.id} and c.id = before.id and c.version = before.version
        and c.version = coalesce(${expectedVersion}::integer, c.version)
        and ${when}
      returning c.*
    )`;
}

/**
 * The table of what the statement changes, as it will be: for whatever follows it stands in the table's place, so
 * that the lists of `changeOutcome` show the change. PostgreSQL itself shows a statement the rows as they were.
 *
 * @param table what the statement changes a row of.
 * @param id of the row that it inserts, updates or deletes.
 * @param written what the `with` calls that row as it was written, with every column; absent for one that is deleted.
 */
export function afterwards(table: Sql, id: string, written?: Sql): Sql {
  if (!written) return sql`${table} as not materialized (select * from ${table} where id <> ${id})`;
  // Not materialized, and with its condition outside the union: the conditions and the order of each list reach
  // the table and find its index, however many rows the customer has.
  return sql`${table} as not materialized (
      select * from (
        select *, false as is_written from ${table} union all select *, true from ${written}
      ) rows where is_written or id <> ${id}
    )`;
}

/**
 * The columns that every such statement gives: the version before, and the customer after when it changed, with the
 * lists below it. They go by the customer's new defaults; of a table that the statement changes they need `afterwards`.
 */
export function changeOutcome(wanted: Wants): Sql {
  return sql`before.version, (select ${packedCustomer(wanted)} from customer c) as customer`;
}

/** A row of `changeOutcome`. */
export interface ChangeRow {
  readonly version: number;
  /** A row of `packedCustomer`. */
  readonly customer: string | null;
}

/**
 * What became of a change: the customer, or why not. `refusals` are the reasons that the statement itself looked
 * at, in the order in which they count; a change that none of them explains was outrun.
 */
export function outcomeOf(
  row: ChangeRow,
  {
    merchant,
    wanted,
    expectedVersion,
  }: { merchant: MerchantScope; wanted: Wants; expectedVersion: number | null },
  refusals: readonly (Problem | false)[] = [],
): Result<Customer> | typeof outrun {
  if (row.customer)
    return succeed(readPacked(row.customer, (reader) => readCustomer(merchant, reader, wanted)));
  if (expectedVersion !== null && expectedVersion !== row.version) return fail(versionConflict);
  const refusal = refusals.find((problem) => problem !== false);
  return refusal ? fail(refusal) : outrun;
}

export const versionConflict: Problem = { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] };
