import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { ErrorCode } from '../shared/expected-error.js';

/** An argument of a query at fault. The message names the argument and never its value. */
export function badUserInput(message: string): GraphQLError {
  return errorOf('BAD_USER_INPUT', message);
}

/** A request at fault as a whole: the same with status 400. */
export function badRequest(message: string): GraphQLError {
  return errorOf('BAD_USER_INPUT', message, { extensions: { http: { status: 400 } } });
}

export function errorOf(code: ErrorCode, message: string, options: GraphQLErrorOptions = {}): GraphQLError {
  return new GraphQLError(message, { ...options, extensions: { ...options.extensions, code } });
}
