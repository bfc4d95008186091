import type { Action } from '../access/actions.js';
import type { Operation } from '../operation.js';
import type { Noun, ReadPlan } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/**
 * What is kept of one field of a mutation's payload, and so what a replay says there: an object, which is named by its
 * type, is kept by its id and read again as it is now; an id and a flag are what they were; a secret is not kept, and
 * is not shown again.
 */
export type KeptField = Capitalize<string> | 'id' | 'flag' | 'secret';

/** Every field of a payload but `userErrors`. */
export type KeptFields = Readonly<Record<string, KeptField>>;

/** A mutation that may be called with an idempotency key. */
export interface KeyedMutation {
  readonly name: string;
  /** What the caller must be allowed to do, asked before anything is looked up. */
  readonly action: Action;
  readonly keeps: KeptFields;
}

/** The plan of the objects of a noun at these paths below the payload. */
export type PlanAt = <Item extends object>(
  noun: Noun<Item>,
  paths: readonly (readonly string[])[],
) => ReadPlan<Item>;

export interface KeptObject {
  readonly id: string;
}

/** Finds the objects with these ids that stand in a field of a payload, as they are now, in no order. */
export type FindKept = (
  op: Operation,
  merchant: MerchantScope,
  search: { readonly ids: readonly string[]; readonly field: string; readonly planAt: PlanAt },
) => Promise<readonly KeptObject[]>;
