import type { Operation } from '../operation.js';
import type { Planner } from '../read-plan/planner.js';
import type { AnswerSize } from './answer-size.js';

/** What resolvers get beside their arguments: the operation for use cases, and the planner for themselves. */
export interface Context extends Operation {
  readonly planner: Planner;
  /** Whether the caller may do all that the document's fields take, found out once for all of them. */
  isAuthorised: boolean;
  readonly trace: Trace;
  readonly idempotency: RequestIdempotency;
  readonly outcome: Outcome;
  readonly cost: RequestCost;
  readonly answer: AnswerSize;
}

/** What became of a request, for the metrics and the answer's extensions; filled in on the way. */
export interface Outcome {
  /** Of the errors in the answer. */
  errorCodes?: readonly string[];
  /** Whether one of its mutations was not carried out now, because it had been before. */
  replayed?: boolean;
}

/** The idempotency keys of one request. */
export interface RequestIdempotency {
  /** The headers `Idempotency-Key`, each as it came. */
  readonly headers: readonly string[];
  /** By the response key of the mutation's field; filled in where the request has any. */
  keys?: ReadonlyMap<string, string>;
}

/** What the answer says of how much was asked for; filled in on the way. */
export interface RequestCost {
  /** What the operation could cost at most; 0 while it is not known. */
  requested: number;
  readonly limit: number;
}

/** What the log is told of a request beside its status and duration; filled in on the way. */
export interface Trace {
  /** SHA-256 of the document. */
  operationHash?: string | undefined;
  rootFields?: readonly string[] | undefined;
}
