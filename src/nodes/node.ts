import type { Action } from '../access/actions.js';
import type { PackedReader } from '../db/packed.js';
import type { Sql } from '../db/sql.js';
import type { Wants } from '../db/wants.js';
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
  search(owner: NodeOwner, ids: readonly string[], wanted: Wants): NodeSearch;
}

/** A part of a statement that finds objects of several types. */
export interface NodeSearch {
  /** Of one object, as a packed row. */
  readonly row: Sql;
  /** What follows `from`: the table, and the conditions on owner and ids. */
  readonly from: Sql;
  read(reader: PackedReader): NodeValue;
}

/** By the name of the type. */
export type NodeTypes = Readonly<Record<string, NodeType>>;

/** A type, and what is wanted of its objects. */
export interface WantedType {
  readonly name: string;
  readonly type: NodeType;
  readonly wanted: Wants;
}
