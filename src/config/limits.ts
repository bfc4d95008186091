/** How much one request, and one merchant at once, may ask for; each has a variable of the environment, and docs/security.md says why. */
export interface Limits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  /** Within this time the headers must be complete. */
  readonly headersMs: number;
  /** Within this time the whole request must have arrived. */
  readonly requestMs: number;
  /** Of a document. */
  readonly tokens: number;
  /** Fields below one another, fragments spread. */
  readonly depth: number;
  /** These three count an operation with its fragments spread. */
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Objects with an id that an operation could return, and what else is charged for. */
  readonly cost: number;
  /** Of the JSON text of an answer. */
  readonly answerBytes: number;
  /** Requests of one merchant that are executed at once. */
  readonly atOnce: number;
}

/** How much one caller may ask, and one address guess. */
export interface RateLimitOptions {
  /** Requests a second a key, those of its sessions included. */
  readonly perSecond: number;
  /** Requests at once. */
  readonly burst: number;
  /** Wrong keys a minute an address. */
  readonly wrongKeysPerMinute: number;
  /** Requests without a key a second an address. */
  readonly anonymousPerSecond: number;
  /** Requests without a key at once an address. */
  readonly anonymousBurst: number;
  /** Counts for all servers together; null: each server counts for itself. */
  readonly redisUrl: string | null;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 256 * 1024,
  headerBytes: 8 * 1024,
  headersMs: 10_000,
  requestMs: 15_000,
  tokens: 1_000,
  depth: 12,
  aliases: 15,
  directives: 20,
  rootFields: 10,
  cost: 5_000,
  answerBytes: 4 * 1024 * 1024,
  atOnce: 64,
};
