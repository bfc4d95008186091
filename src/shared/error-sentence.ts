/**
 * What went wrong, in one line for the operator who started something: the words of PostgreSQL, of Prisma's cause or of
 * the system, which the log of requests leaves out. Never for a client.
 */
export function sentenceOf(error: unknown): string {
  const cause = property(error, 'cause');
  const own = ownWords(error);
  if (cause === undefined || property(error, 'name') !== 'DatabaseError') return own;
  return `${own.replace(/\.$/, '')} (${sentenceOf(cause).replace(/\.$/, '')}).`;
}

function ownWords(error: unknown): string {
  // What PostgreSQL said, where Prisma has wrapped it.
  const wrapped = property(property(property(error, 'meta'), 'driverAdapterError'), 'cause');
  const original = text(property(wrapped, 'originalMessage'));
  if (original) return original;
  // A host with several addresses: each has failed for itself.
  const tried = property(error, 'errors');
  if (Array.isArray(tried) && tried.length > 0) return [...new Set(tried.map(ownWords))].join('; ');
  const message = text(property(error, 'message'));
  // Prisma's own words come after the call and its place.
  if (/^Prisma/.test(text(property(error, 'name')))) return message.trim().split('\n').at(-1) ?? message;
  return message || text(property(error, 'code')) || 'The reason is unknown.';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
}
