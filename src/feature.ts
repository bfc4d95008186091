import type { ActionRules } from './access/actions.js';
import type { FieldAccess } from './access/field-access.js';
import type { NamedBy } from './customer-queue/queue-mutation.js';
import type { Resolvers } from './generated/graphql.js';
import type { FindKept, KeptFields } from './idempotency/kept-fields.js';
import type { NodeType } from './nodes/node.js';
import type { FieldPlans, FilterPlan } from './read-plan/planner.js';

/** All that a feature says about itself; `features.ts` lists the features, and docs/architecture.md says who folds what. */
export interface Feature {
  /** Its file in `schema/`; several features may share one. */
  readonly schema: string;
  /** The name of the tokenization provider without which it is not served. */
  readonly provider?: string;
  readonly resolvers?: Resolvers;
  /** What each field needs of the database. */
  readonly plans?: FieldPlans;
  /** Conditions that it adds to the filters of others, by the field of the filter. */
  readonly filters?: Readonly<Record<string, FilterPlan>>;
  /** Its actions are declared by `interface DeclaredActions` beside it. */
  readonly access?: FieldAccess & { readonly actions: ActionRules };
  readonly mutations?: Readonly<Record<string, MutationFacts>>;
  /** Types of objects that are kept by their ids for a replay although they are no nodes. */
  readonly kept?: Readonly<Record<string, FindKept>>;
  /** The types of its ids, and how to find them. */
  readonly nodes?: Readonly<Record<string, NodeType>>;
  /** The sentences of its problems, whose codes are declared by `interface DeclaredProblems` beside it. */
  readonly problems?: Readonly<Record<string, string>>;
  readonly personalData?: PersonalData;
  readonly prices?: Prices;
}

export interface MutationFacts {
  /** What is kept of each field of its payload but `userErrors`; null: it takes no idempotency key. */
  readonly keeps: KeptFields | null;
  /** How its input names the customer that it changes, where it waits for other changes of the same one. */
  readonly changes?: NamedBy;
}

export interface PersonalData {
  /** Fields that come out of the sealed part of their object, by type. */
  readonly sealedFields?: Readonly<Record<string, readonly string[]>>;
  /** Columns with sealed values and with keyed hashes, by table. */
  readonly tables: Readonly<
    Record<string, { readonly sealed?: readonly string[]; readonly hashes?: readonly string[] }>
  >;
}

/**
 * What its fields cost beyond the objects that they return, in hundredths of an object with an id; docs/security.md
 * lists them. What is not here has the prices of `graphql/request/prices.ts`.
 */
export interface Prices {
  /** By `Type.field`. */
  readonly fields?: Readonly<Record<string, number>>;
  /** How many objects a list without arguments has at most, by `Type.field`. */
  readonly listSizes?: Readonly<Record<string, number>>;
  /** What it costs to open the sealed part of an object, by type. */
  readonly opening?: Readonly<Record<string, number>>;
  /** What a filter costs, by its input type. */
  readonly filters?: Readonly<Record<string, (filter: object) => number>>;
}
