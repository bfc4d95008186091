import type { Operation } from '../operation.js';
import type { LookAhead } from './look-ahead.js';

/** What resolvers get beside their arguments: the operation for use cases, and the look-ahead for themselves. */
export interface Context extends Operation {
  readonly lookAhead: LookAhead;
  readonly trace: Trace;
  readonly cost: RequestCost;
}

/** What the answer says of how much was asked for; filled in on the way. */
export interface RequestCost {
  /** Objects with an id; 0 while it is not known. */
  requested: number;
  readonly limit: number;
}

/** What the log is told of a request beside its status and duration; filled in on the way. */
export interface Trace {
  /** SHA-256 of the document. */
  operationHash?: string | undefined;
  rootFields?: readonly string[] | undefined;
}
