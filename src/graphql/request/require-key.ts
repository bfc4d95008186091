import type { GraphQLError } from 'graphql';
import type { Context } from '../../graphql-kit/context.js';
import { errorOf } from '../../graphql-kit/errors.js';
import type { DocumentFacts } from '../document-facts.js';

const OPEN_TO_ALL = new Set(['__typename', '__schema', '__type']);

/** Answers 401 for the whole request without a good key, unless it asks only for what an explorer needs at first. */
export function requireKey({ actor }: Context, facts: DocumentFacts | null): void {
  if (actor.kind !== 'anonymous' || facts?.rootFields.every((name) => OPEN_TO_ALL.has(name))) return;
  throw keyRequired();
}

/** The one answer to whoever has no good key, for whatever reason. */
export function keyRequired(): GraphQLError {
  return errorOf('UNAUTHENTICATED', 'A valid API key is required.', {
    extensions: { http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) } },
  });
}
