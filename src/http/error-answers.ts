import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../config/limits.js';
import { isUnforeseen, toClientError, UNAVAILABLE } from '../graphql/errors.js';
import type { ErrorCode } from '../shared/expected-error.js';
import { errorBody } from './refusals.js';

/** Whatever goes wrong outside an operation is answered as a GraphQL error, too. */
export function answerError(
  log: Logger,
  { bodyBytes }: Limits,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const status = error.statusCode ?? 500;
  if (status === 413) {
    reply.code(413);
    return errorBody('PAYLOAD_TOO_LARGE', `A body may have at most ${bodyBytes} bytes.`, request.id);
  }
  if (status === 415) {
    reply.code(415);
    return errorBody(
      'BAD_USER_INPUT',
      'The body must be `application/json` in UTF-8, not compressed.',
      request.id,
    );
  }
  // Of a GET nothing but the address is read, so only that can be wrong.
  if (status < 500 && (request.method === 'GET' || request.method === 'HEAD')) {
    reply.code(404);
    return nothingHere(request.id);
  }
  if (status < 500) {
    reply.code(400);
    return errorBody(
      'BAD_USER_INPUT',
      'The body is not JSON, nests too deep, holds too many values, or names a member twice.',
      request.id,
    );
  }
  const { message, extensions } = toClientError(error);
  const code = extensions?.['code'] as ErrorCode;
  if (isUnforeseen(error)) log.error({ err: error, requestId: request.id }, 'unforeseen error');
  reply.code(UNAVAILABLE.has(code) ? 503 : 500);
  if (UNAVAILABLE.has(code)) reply.header('retry-after', '1');
  return errorBody(code, message, request.id);
}

/** What is said of an address that there is not. */
export function nothingHere(requestId: string) {
  return errorBody('BAD_USER_INPUT', 'There is nothing at this address.', requestId);
}
