import type { DocumentFacts } from '../document-facts.js';
import { badRequest } from '../errors.js';

/** Refuses `@idempotent`, which is declared and not carried out yet: ignoring it would make a retry unsafe. */
export function refuseIdempotent(facts: DocumentFacts | null): void {
  if (facts?.isIdempotent) throw badRequest('`@idempotent` is not supported yet.');
}
