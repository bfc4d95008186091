/** The codes of `extensions.code` that are about the request or about us. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'QUERY_TOO_COMPLEX'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'PAYLOAD_TOO_LARGE'
  | 'DATABASE_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'OVERLOADED'
  | 'STORAGE_FULL'
  | 'TIMEOUT'
  | 'INTERNAL_SERVER_ERROR'
  // Part of the protocol of automatic persisted queries: clients then send the document.
  | 'PERSISTED_QUERY_NOT_FOUND';

/** An error of which the client is told the code and the sentence. Its message is ours; of other errors nothing is told. */
export abstract class ExpectedError extends Error {
  abstract readonly code: ErrorCode;
  /** It repeats no value. */
  abstract readonly sentence: string;
  /** What else the client is told, for programs to read. */
  readonly extensions: Readonly<Record<string, unknown>> = {};
}
