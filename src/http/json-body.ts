import { isAscii, isUtf8, transcode } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorOf } from '../graphql-kit/errors.js';
import { hasDuplicateMembers, shapeOf } from './json-members.js';

/** Not `application/json` in UTF-8, or compressed. */
class UnsupportedBody extends Error {
  readonly statusCode = 415;
}

/** Not JSON, too deep or too many values of it, or JSON that says two things at once. */
class MalformedBody extends Error {
  readonly statusCode = 400;
}

/** More than a body may have. */
class TooLargeBody extends Error {
  readonly statusCode = 413;
}

/** Which bodies are accepted. */
export interface BodyRules {
  /** Bytes of the largest body. */
  readonly maxBytes: number;
  /** Whether a request comes with a good key. */
  isKnown(request: FastifyRequest): boolean;
  /** Counts bytes that have arrived; false where no more can be held. */
  hold(request: FastifyRequest, bytes: number): boolean;
}

/** In place of a body that was not read to its end: without a valid key none is as large. */
export const UNREAD: unique symbol = Symbol('a body that was not read');

const MAX_ANONYMOUS_BYTES = 16_384;
const otherCharset = /;\s*charset=(?!("?)utf-?8\1\s*(?:;|$))/i;

/**
 * Takes bodies of JSON in UTF-8 and no others. Node would decode bytes that are not UTF-8 to replacement
 * characters, and a customer's name would be stored with them. Nothing is decompressed, so that a small body cannot
 * become a large one.
 */
export function acceptJsonOnly(http: FastifyInstance, rules: BodyRules): void {
  // A key such as `__proto__` is a key like any other: parsed, it is the object's own property.
  const parse = http.getDefaultJsonParser('ignore', 'ignore');
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    if (!isPlain(request)) throw new UnsupportedBody();
    const body = await readBody(request, payload, rules);
    if (body === UNREAD) return UNREAD;
    if (!isUtf8(body)) throw new MalformedBody();
    const text = decode(body);
    const shape = shapeOf(text);
    if (shape === null) throw new MalformedBody();
    const value = await new Promise((resolve, reject) => {
      void parse(request, text, (error, parsed) => (error ? reject(error) : resolve(parsed)));
    });
    if (hasDuplicateMembers(shape, value)) throw new MalformedBody();
    return value;
  });
}

/**
 * Reads a body as far as it may be read. Where the client leaves before its end, the promise is never settled and
 * nothing is done any more: Fastify's own reader would have that answered, and counted, as a fault in the body.
 */
async function readBody(
  request: FastifyRequest,
  payload: Readable,
  rules: BodyRules,
): Promise<Buffer | typeof UNREAD> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > rules.maxBytes) throw new TooLargeBody();
  const isKnown = rules.isKnown(request);
  if (!isKnown && announced > MAX_ANONYMOUS_BYTES) return UNREAD;
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const onEnd = () => resolve(Buffer.concat(chunks, length));
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > rules.maxBytes) stop(() => reject(new TooLargeBody()));
      else if (!isKnown && length > MAX_ANONYMOUS_BYTES) stop(() => resolve(UNREAD));
      else if (!rules.hold(request, chunk.length))
        stop(() => reject(errorOf('OVERLOADED', 'Too much is arriving at once. Try again.')));
    };
    const stop = (settle: () => void) => {
      payload.off('data', onData).off('end', onEnd);
      // What is still to come is dropped.
      payload.resume();
      settle();
    };
    payload.on('data', onData).on('end', onEnd).on('error', ignore);
  });
}

/** `OpenRequests` notices the end of the connection. */
function ignore(): void {}

/** From so many bytes on it is faster to decode by way of UTF-16: five to ten times where few are ASCII. */
const LONG = 4_096;

function decode(utf8: Buffer): string {
  if (utf8.length < LONG) return utf8.toString();
  return isAscii(utf8) ? utf8.toString('latin1') : transcode(utf8, 'utf8', 'utf16le').toString('utf16le');
}

function isPlain({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding.toLowerCase() === 'identity' && !otherCharset.test(headers['content-type'] ?? '');
}
