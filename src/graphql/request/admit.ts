import type { Context } from '../context.js';
import type { DocumentFacts } from '../document-facts.js';
import { requireKey } from './require-key.js';

/** What every valid operation passes before it is executed, in this order; each step throws what it refuses. */
export function admit(context: Context, facts: DocumentFacts | null, hash: string | undefined): void {
  context.trace.operationHash = hash;
  context.trace.rootFields = facts?.rootFields;
  requireKey(context, facts);
}
