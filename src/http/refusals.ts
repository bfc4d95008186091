import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../shared/expected-error.js';

/** Answers are not framed, their types are not guessed, and no cache keeps them. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

const JSON_TYPE = 'application/json; charset=utf-8';

/** The body of an answer to what never became an operation. */
export function errorBody(code: ErrorCode, message: string, requestId: string) {
  return { errors: [{ message, extensions: { code } }], extensions: { requestId } };
}

/** Headers of a file's answer that an error's must not have. */
const OF_A_FILE = ['content-encoding', 'content-length', 'accept-ranges', 'etag', 'last-modified'];

/**
 * Makes an answer JSON that is not cached. A file that cannot be read to its end, or whose client has left, fails after
 * its own headers were set; to send an object under the content type of a script would end the process.
 */
export function becomeJson(reply: FastifyReply): void {
  for (const name of reply.raw.headersSent ? [] : OF_A_FILE) {
    reply.removeHeader(name);
    reply.raw.removeHeader(name);
  }
  reply.headers({ ...SECURITY_HEADERS, 'content-type': JSON_TYPE });
}

const overloads = {
  OVERLOADED: 'Too much is going on. Try again.',
  TIMEOUT: 'It took too long. Try again.',
} as const;

/** Answers a request that the server has no room or no time for. */
export function refuse503({ id }: FastifyRequest, reply: FastifyReply, code: keyof typeof overloads): void {
  becomeJson(reply);
  reply
    .code(503)
    .header('retry-after', '1')
    .send(errorBody(code, overloads[code], id));
}

const refusals: Readonly<Record<string, readonly [number, ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'PAYLOAD_TOO_LARGE', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TIMEOUT', 'The request did not arrive in time.'],
};

/** The connection was reset, or ended in the middle of a request. */
const left = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

/**
 * Answers what Node could not read as a request, as any other error, and ends the connection.
 *
 * @returns the status of the answer, or null where the client has left.
 */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): number | null {
  const [status, code, message] = refusals[error.code ?? ''] ?? [
    400,
    'BAD_USER_INPUT',
    'This is not a request in HTTP.',
  ];
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const requestId = randomUUID();
    const body = JSON.stringify(errorBody(code, message, requestId));
    const headers = Object.entries(headersOf(requestId, body)).map(([name, value]) => `${name}: ${value}`);
    socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', body].join('\r\n'));
  }
  socket.destroy(error);
  return left.has(error.code ?? '') ? null : status;
}

/** Node would answer an expectation other than `100-continue` with an empty 417. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID();
  const body = JSON.stringify(
    errorBody('BAD_USER_INPUT', 'The header `Expect` may only be `100-continue`.', requestId),
  );
  response.writeHead(417, headersOf(requestId, body)).end(body);
}

/** HTTP/1.1 demands the header; Node's own refusal would be an empty 400. */
export function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1';
}

function headersOf(requestId: string, body: string): Record<string, string> {
  return {
    'content-type': JSON_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    ...SECURITY_HEADERS,
    connection: 'close',
  };
}
