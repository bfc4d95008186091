/** What a caller can mend whatever it calls, each with the sentence where no better one is given. */
export const commonProblems = {
  REQUIRED: 'A value is required.',
  INVALID: 'The value has the wrong form.',
  TOO_LONG: 'The value is too long.',
  CARD_NUMBER_REFUSED: 'The value looks like a card number. The vault stores tokens only.',
  NOT_FOUND: 'There is no such object.',
} as const;

/** The codes there are: a test compares them with `UserErrorCode` of the schema. Each feature adds its own. */
export interface DeclaredProblems extends ProblemsOf<typeof commonProblems> {}

/** What a feature adds to `DeclaredProblems` (`declare module`). */
export type ProblemsOf<Sentences extends Readonly<Record<string, string>>> = {
  readonly [Code in keyof Sentences]: true;
};

export type ProblemCode = keyof DeclaredProblems;

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
