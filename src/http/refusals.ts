import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../graphql/errors.js';

/** The body of an answer to what never became an operation. */
export function errorBody(code: ErrorCode, message: string, requestId: string) {
  return { errors: [{ message, extensions: { code } }], extensions: { requestId } };
}

const refusals: Readonly<Record<string, readonly [number, ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'PAYLOAD_TOO_LARGE', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TIMEOUT', 'The request did not arrive in time.'],
};

/** Answers what Node could not read as a request, as any other error, and ends the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const [status, code, message] = refusals[error.code ?? ''] ?? [
      400,
      'BAD_USER_INPUT',
      'This is not a request in HTTP.',
    ];
    const requestId = randomUUID();
    const body = JSON.stringify(errorBody(code, message, requestId));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
