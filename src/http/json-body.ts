import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';

/** Not `application/json` in UTF-8. */
class UnsupportedBody extends Error {
  readonly statusCode = 415;
}

/** Not JSON, or not what its header says. */
class MalformedBody extends Error {
  readonly statusCode = 400;
}

const otherCharset = /;\s*charset=(?!"?utf-8\b)/i;

/**
 * Takes bodies of JSON in UTF-8 and no others. Node would decode bytes that are not UTF-8 to replacement
 * characters, and a customer's name would be stored with them.
 */
export function acceptJsonOnly(http: FastifyInstance): void {
  // A key such as `__proto__` is a key like any other: parsed, it is the object's own property.
  const parse = http.getDefaultJsonParser('ignore', 'ignore');
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (otherCharset.test(request.headers['content-type'] ?? '')) return done(new UnsupportedBody());
    if (!isUtf8(body)) return done(new MalformedBody());
    return parse(request, body.toString(), done);
  });
}
