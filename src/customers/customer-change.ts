import type { ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { versionChanged } from '../shared/attempts.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import type { Customer } from './customer.js';

/**
 * A change of what belongs to a customer is one statement of three steps: `before` is the customer as the statement
 * finds it; `customer` is its row after the change, and empty when nothing was changed; what else changes hangs on
 * `customer`, so that all of it happens or none. A change that was committed in between makes `customer` empty too,
 * because the version is not the same then.
 */
export interface Change {
  /** Of the customer in the answer. */
  readonly plan: ReadPlan<Customer>;
  /** Null: at any version. */
  readonly expectedVersion: number | null;
  readonly at: Date;
}

/** What the statement gives: the version before, and the columns of the plan, all of them null when nothing changed. */
export type ChangeRow = Row & {
  readonly version_before: number;
  readonly id: string | null;
};

export const versionConflict: Problem = { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] };

/** The customer after a change; null when nothing was changed. */
export function changedCustomer(
  row: ChangeRow,
  merchant: MerchantScope,
  plan: ReadPlan<Customer>,
): Customer | null {
  return row.id === null ? null : plan.read(row, merchant);
}

/**
 * What became of a change: the customer, or why not. `refusals` are the reasons that the statement itself looked
 * at, in the order in which they count; what none of them explains is another change that came in between.
 */
export function outcomeOf(
  row: ChangeRow,
  merchant: MerchantScope,
  { plan, expectedVersion }: Pick<Change, 'plan' | 'expectedVersion'>,
  refusals: readonly (Problem | false)[] = [],
): Result<Customer> | typeof versionChanged {
  const customer = changedCustomer(row, merchant, plan);
  if (customer) return succeed(customer);
  if (expectedVersion !== null && expectedVersion !== row.version_before) return fail(versionConflict);
  const refusal = refusals.find((problem) => problem !== false);
  return refusal ? fail(refusal) : versionChanged;
}
