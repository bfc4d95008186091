import { isNativeError } from 'node:util/types';
import pg from 'pg';

/** Why the database did not do what it was asked, in words that the rest of the server understands. */
export type DatabaseFailure = 'unavailable' | 'overloaded' | 'timeout' | 'conflict' | 'storage-full';

/** The database could not answer. The cause is for the log alone. */
export class DatabaseError extends Error {
  readonly failure: DatabaseFailure;

  constructor(failure: DatabaseFailure, cause: unknown) {
    super(`The database failed: ${failure}.`, { cause });
    this.name = 'DatabaseError';
    this.failure = failure;
  }
}

/** A unique constraint refused a row. */
export class UniqueViolation extends Error {
  readonly constraint: string;

  constructor(constraint: string, cause: unknown) {
    super(`Unique constraint ${constraint}.`, { cause });
    this.name = 'UniqueViolation';
    this.constraint = constraint;
  }
}

/** A row refers to one that is not there, or is referred to. */
export class ReferenceViolation extends Error {
  readonly constraint: string;

  constructor(constraint: string, cause: unknown) {
    super(`Foreign key ${constraint}.`, { cause });
    this.name = 'ReferenceViolation';
    this.constraint = constraint;
  }
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const failureOfState: Readonly<Record<string, DatabaseFailure>> = {
  '40001': 'conflict',
  '40P01': 'conflict',
  '53100': 'storage-full',
  '53200': 'overloaded',
  '53300': 'overloaded',
  '55P03': 'timeout',
  '57014': 'timeout',
  '25P03': 'timeout',
  '25P04': 'timeout',
  // The server has become a standby.
  '25006': 'unavailable',
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
  '57P05': 'unavailable',
};

const failureOfCode: Readonly<Record<string, DatabaseFailure>> = {
  EAI_AGAIN: 'unavailable',
  ECONNABORTED: 'unavailable',
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  ENOENT: 'unavailable',
  ENOTFOUND: 'unavailable',
  EPIPE: 'unavailable',
  ETIMEDOUT: 'unavailable',
  P1001: 'unavailable',
  P1002: 'unavailable',
  P1017: 'unavailable',
  P2024: 'overloaded',
  P2028: 'overloaded',
  P2034: 'conflict',
  // What Prisma makes of a socket's error below a raw statement, where it gives no code of its own.
  DatabaseNotReachable: 'unavailable',
  ConnectionClosed: 'unavailable',
  SocketTimeout: 'unavailable',
  TlsConnectionError: 'unavailable',
};

// pg gives these no code.
const failureOfMessage: readonly (readonly [RegExp, DatabaseFailure])[] = [
  [/^timeout exceeded when trying to connect/i, 'overloaded'],
  // A connection of its own, outside the pool, that was not made in time.
  [/^timeout expired/i, 'unavailable'],
  [/^Query read timeout/i, 'timeout'],
  // The time for a new connection is over.
  [/^timeout expired/i, 'unavailable'],
  [/^Connection terminated|^Client was closed|not queryable|^Client has encountered/i, 'unavailable'],
];

const REFERENCE_STATES: ReadonlySet<string> = new Set(['23001', '23503', 'P2003']);

// What PostgreSQL reports when it ends the connection, beside class 08, and of one that only reads (25006): it leads to
// what was the primary.
const ENDING = /^(08|57P0[1-5]|25P0[34]|25006|58|XX001|XX002)/;

/**
 * Whether PostgreSQL itself reported that a statement failed, and keeps the connection. It is told by the code: the
 * severity is a word of the server's language.
 */
export function isReported(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && !ENDING.test(error.code);
}

/** Whether PostgreSQL reported one of these states. */
export function hasState(error: unknown, states: readonly string[]): boolean {
  return error instanceof pg.DatabaseError && states.includes(error.code ?? '');
}

/**
 * Turns whatever `pg` or Prisma threw into a `DatabaseError`, a `UniqueViolation` or a `ReferenceViolation`; what it
 * does not know it returns as it is. Prisma keeps PostgreSQL's own code and constraint in `meta.driverAdapterError.cause`.
 */
export function toDatabaseError(thrown: unknown): unknown {
  if (!isNativeError(thrown) || thrown instanceof DatabaseError) return thrown;
  const adapter = adapterCause(thrown);
  const state = text(adapter, 'originalCode') ?? text(adapter, 'kind') ?? text(thrown, 'code');
  if (state === '23505' || state === 'P2002')
    return new UniqueViolation(constraintOf(thrown, adapter), thrown);
  if (state && REFERENCE_STATES.has(state))
    return new ReferenceViolation(constraintOf(thrown, adapter), thrown);
  const failure = (state && (failureOfState[state] ?? failureOfCode[state])) || failureByWords(thrown, state);
  return failure ? new DatabaseError(failure, thrown) : thrown;
}

function failureByWords(thrown: Error, state: string | undefined): DatabaseFailure | undefined {
  // Class 08: connection exceptions.
  if (state?.startsWith('08')) return 'unavailable';
  return failureOfMessage.find(([pattern]) => pattern.test(thrown.message))?.[1];
}

function constraintOf(thrown: Error, adapter: object | undefined): string {
  const constraint = property(adapter, 'constraint');
  return text(thrown, 'constraint') ?? text(constraint, 'index') ?? constraintIn(thrown, adapter) ?? '';
}

/** A sharded database (Citus) tells it in the message alone, where it is the shard's: `…_reference_hash_key_102455`. */
function constraintIn(thrown: Error, adapter: object | undefined): string | undefined {
  const message = text(adapter, 'originalMessage') ?? thrown.message;
  return /constraint "(\w+?)(?:_\d+)?"/.exec(message)?.[1];
}

function adapterCause(thrown: Error): object | undefined {
  return asObject(property(property(property(thrown, 'meta'), 'driverAdapterError'), 'cause'));
}

function text(from: unknown, name: string): string | undefined {
  const value = property(from, name);
  return typeof value === 'string' ? value : undefined;
}

function property(from: unknown, name: string): unknown {
  return asObject(from) ? Reflect.get(from as object, name) : undefined;
}

function asObject(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
