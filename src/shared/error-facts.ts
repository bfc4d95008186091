import { isNativeError } from 'node:util/types';

/**
 * What the log is told of an error. Messages are left out, and so is whatever else hangs on one: those of
 * PostgreSQL, Prisma and JavaScript itself quote the values that they are about.
 */
export interface ErrorFacts {
  readonly type: string;
  /** SQLSTATE, `ECONNREFUSED`, `P2002`. */
  readonly code?: string;
  /** Names of the schema and of PostgreSQL's own source, where it is an error of PostgreSQL. */
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly routine?: string;
  /** The message of an error about a connection or the server as a whole, in which no caller's value can stand. */
  readonly reason?: string;
  /** Where it was thrown, the innermost call first. */
  readonly at: readonly string[];
  readonly cause?: ErrorFacts;
}

const NAME = /^\w{1,80}$/;
const CODE = /^[A-Z0-9_]{1,40}$/;
/** The name of the function, if it has one, and the place; a message cannot look like it by accident. */
const FRAME =
  /^ {4}at [\w$.<>#[\] ]{0,200}\(?(?:file:\/\/|node:|\/|[A-Z]:\\)[^\s()]{1,300}:\d{1,7}:\d{1,7}\)?$/;
const MOST_FRAMES = 20;
const LONGEST_STACK = 20_000;
const MOST_CAUSES = 5;
const LONGEST_REASON = 300;

/** The facts of whatever was thrown: an allow-list, so that no error can bring a caller's value into the log. */
export function errorFacts(thrown: unknown, depth = 1): ErrorFacts {
  // PostgreSQL's facts, where Prisma has wrapped them.
  const wrapped = property(property(property(thrown, 'meta'), 'driverAdapterError'), 'cause');
  const cause = property(thrown, 'originalError') ?? property(thrown, 'cause');
  return {
    type: nameOf(thrown, 'name') ?? typeof thrown,
    ...names({
      code: nameOf(wrapped, 'originalCode', CODE) ?? nameOf(thrown, 'code', CODE),
      constraint: nameOf(property(wrapped, 'constraint'), 'index') ?? nameOf(thrown, 'constraint'),
      table: nameOf(thrown, 'table'),
      column: nameOf(thrown, 'column'),
      routine: nameOf(thrown, 'routine'),
    }),
    ...reasonOf(thrown),
    at: framesOf(thrown),
    ...(isNativeError(cause) && depth < MOST_CAUSES && { cause: errorFacts(cause, depth + 1) }),
  };
}

// Connection exceptions, invalid logins and databases, lack of resources, an operator's intervention, system errors; and
// what the system says of a socket.
const ABOUT_THE_SERVER = /^((08|28|3D|53|57|58)[0-9A-Z]{3}|E[A-Z]{3,20})$/;
const ABOUT_A_SOCKET = /^(connect|getaddrinfo|read|write) E[A-Z]+/;

function reasonOf(thrown: unknown): { reason?: string } {
  const [code, message] = [property(thrown, 'code'), property(thrown, 'message')];
  if (typeof code !== 'string' || typeof message !== 'string' || !ABOUT_THE_SERVER.test(code)) return {};
  const isKnown = code.startsWith('E')
    ? ABOUT_A_SOCKET.test(message)
    : property(thrown, 'severity') !== undefined;
  return isKnown ? { reason: message.slice(0, LONGEST_REASON) } : {};
}

/** The lines of a stack below its message, which may itself have lines that look like a stack. */
function framesOf(thrown: unknown): string[] {
  if (!isNativeError(thrown)) return [];
  const { stack = '', message } = thrown;
  const begin = stack.indexOf(message);
  if (begin < 0) return [];
  const frames = stack.slice(begin + message.length, begin + message.length + LONGEST_STACK).split('\n');
  return frames
    .filter((line) => FRAME.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim().slice('at '.length));
}

function names(found: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(known);
}

function nameOf(from: unknown, name: string, form = NAME): string | undefined {
  const value = property(from, name);
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}
