import type { Problem, ProblemCode, Result } from '../shared/result.js';

/** A problem as the schema's `UserError`. */
export interface UserError {
  readonly code: ProblemCode;
  readonly message: string;
  readonly field: string[] | null;
}

const sentences: Readonly<Record<ProblemCode, string>> = {
  REQUIRED: 'A value is required.',
  INVALID: 'The value has the wrong form.',
  TOO_LONG: 'The value is too long.',
  CARD_NUMBER_REFUSED: 'The value looks like a card number. The vault stores tokens only.',
  TAKEN: 'The value is already in use by another customer.',
  NOT_FOUND: 'There is no such object.',
  TOKEN_NOT_ACCEPTED: 'The payment token is unknown to the tokenization provider, or has expired there.',
  TOKEN_ALREADY_LINKED: 'The payment token was spent by an earlier link. Each token links once.',
  DUPLICATE_PAYMENT_METHOD: 'The customer already has the same card or account.',
  REPLACEMENT_REQUIRED: 'Make another payment method the default first.',
  VERSION_CONFLICT: 'The customer has changed since that version.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used with other arguments.',
  IDEMPOTENCY_IN_PROGRESS: 'A call with the same idempotency key is still running. Try again.',
  SCOPE_EXCEEDED: 'The caller cannot give away what its own key lacks.',
};

/** Folds the outcome of a use case into a payload: what `show` makes of the value, or the problems as data. */
export function toPayload<Value, Fields extends object>(
  result: Result<Value>,
  show: (value: Value) => Fields,
): Partial<Fields> & { userErrors: UserError[] } {
  if (result.ok) return { ...show(result.value), userErrors: [] };
  return { userErrors: result.problems.map(toUserError) } as Partial<Fields> & { userErrors: UserError[] };
}

function toUserError({ code, message, field }: Problem): UserError {
  return { code, message: message ?? sentences[code], field: field ? [...field] : null };
}
