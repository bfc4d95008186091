import { isAscii, isUtf8, transcode } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasDuplicateMembers, shapeOf } from './json-members.js';

/** Not `application/json` in UTF-8, or compressed. */
class UnsupportedBody extends Error {
  readonly statusCode = 415;
}

/** Not JSON, too deep or too many values of it, or JSON that says two things at once. */
class MalformedBody extends Error {
  readonly statusCode = 400;
}

const otherCharset = /;\s*charset=(?!"?utf-8\b)/i;

/**
 * Takes bodies of JSON in UTF-8 and no others. Node would decode bytes that are not UTF-8 to replacement
 * characters, and a customer's name would be stored with them. Nothing is decompressed, so that a small body cannot
 * become a large one.
 */
export function acceptJsonOnly(http: FastifyInstance): void {
  // A key such as `__proto__` is a key like any other: parsed, it is the object's own property.
  const parse = http.getDefaultJsonParser('ignore', 'ignore');
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isPlain(request)) return done(new UnsupportedBody());
    if (!isUtf8(body)) return done(new MalformedBody());
    const text = decode(body);
    const shape = shapeOf(text);
    if (shape === null) return done(new MalformedBody());
    return parse(request, text, (error, value) => {
      if (error) return done(error);
      return hasDuplicateMembers(shape, value) ? done(new MalformedBody()) : done(null, value);
    });
  });
}

/** From so many bytes on it is faster to go by UTF-16, by five to ten times where few characters are ASCII. */
const LONG = 4_096;

function decode(utf8: Buffer): string {
  if (utf8.length < LONG) return utf8.toString();
  return isAscii(utf8) ? utf8.toString('latin1') : transcode(utf8, 'utf8', 'utf16le').toString('utf16le');
}

function isPlain({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding.toLowerCase() === 'identity' && !otherCharset.test(headers['content-type'] ?? '');
}
