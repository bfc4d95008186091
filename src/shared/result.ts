/** What a caller can mend. The same names as `UserErrorCode` of the schema; a test compares the two. */
export type ProblemCode =
  | 'REQUIRED'
  | 'INVALID'
  | 'TOO_LONG'
  | 'CARD_NUMBER_REFUSED'
  | 'TAKEN'
  | 'NOT_FOUND'
  | 'TOKEN_NOT_ACCEPTED'
  | 'TOKEN_ALREADY_LINKED'
  | 'DUPLICATE_PAYMENT_METHOD'
  | 'REPLACEMENT_REQUIRED'
  | 'VERSION_CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'SCOPE_EXCEEDED';

/** Where an argument stands in the call, for example `['input', 'addresses', '0', 'country']`. */
export type Path = readonly string[];

/** One expected failure. */
export interface Problem {
  readonly code: ProblemCode;
  /** Path of the argument at fault; left out where no single argument is. */
  readonly field?: Path;
  /** One sentence for a person, never repeating the value; left out, the code's own sentence stands. */
  readonly message?: string;
}

/** What a use case ends in: a value, or everything that is wrong with the call (and then nothing has changed). */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function succeed<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function fail(...problems: readonly Problem[]): Result<never> {
  return { ok: false, problems };
}

/** Closes a switch: a case that nobody handles breaks the build. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case of type ${typeof value}.`);
}
