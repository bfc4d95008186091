import type { FastifyRequest } from 'fastify';
import { UNREAD } from './json-body.js';

/** The introspection of every explorer is shorter than half of this. */
const MAX_LENGTH = 8_192;

/**
 * Whether a request without a key has to be refused, as far as that can be said without parsing its document: only
 * documents about the schema, and `__typename`, need no key. What passes here is checked again when it has been
 * parsed; what does not is never parsed. A request without any document passes: Apollo Server says what is wrong.
 */
export function requiresKey({ method, url, body }: FastifyRequest): boolean {
  if (body === UNREAD) return true;
  const { query, extensions } = method === 'GET' ? parametersOf(url) : membersOf(body);
  // A hash stands for any document, and no document is remembered for callers without a key.
  if (mentionsHash(extensions)) return true;
  if (typeof query !== 'string' || query === '') return false;
  return query.length > MAX_LENGTH || !/__schema|__type/.test(query);
}

function parametersOf(url: string) {
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start));
  return { query: parameters.get('query'), extensions: parameters.get('extensions') };
}

function membersOf(body: unknown): { query?: unknown; extensions?: unknown } {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}

function mentionsHash(extensions: unknown): boolean {
  if (typeof extensions === 'string') return extensions.includes('persistedQuery');
  return Object.hasOwn(membersOf(extensions), 'persistedQuery');
}
