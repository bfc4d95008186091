import type { Action } from '../access/actions.js';
import type { Sql } from '../db/sql.js';
import type { Noun, ReadPlan, Row } from '../read-plan/read-plan.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';

/** Anything that can be fetched again by its id. */
export interface NodeValue {
  readonly __typename: string;
  readonly id: string;
}

/** Whose objects are meant: the merchant's own and, for a partner's caller, the partner's too. */
export interface NodeOwner {
  readonly merchant: MerchantScope;
  readonly partnerId: string | null;
}

/** How the objects of one type are found by their ids. */
export interface NodeType {
  /** Without it an object of this type is as one that does not exist. */
  readonly action: Action;
  /** Hardly anybody asks for one by its id: looked for only where an id is left that no other type has. */
  readonly isRare?: true;
  search(owner: NodeOwner, ids: readonly string[], planOf: PlanOf): NodeSearch;
}

/** By which plan the objects of a noun are read. */
export type PlanOf = <Item extends object>(noun: Noun<Item>) => ReadPlan<Item>;

/** A part of a statement that finds objects of several types. */
export interface NodeSearch {
  /** One object, as JSON text. */
  readonly object: Sql;
  /** What follows `from`: the table, and the conditions on owner and ids. */
  readonly from: Sql;
  read(row: Row): NodeValue;
}

/** By the name of the type. */
export type NodeTypes = Readonly<Record<string, NodeType>>;
