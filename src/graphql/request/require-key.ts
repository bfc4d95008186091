import type { GraphQLError } from 'graphql';
import { Unauthenticated } from '../../access/authorise.js';
import type { Context } from '../../graphql-kit/context.js';
import { errorOf } from '../../graphql-kit/errors.js';
import type { DocumentFacts } from '../document-facts.js';

const FIELDS_WITHOUT_KEY = new Set(['__typename', '__schema', '__type']);

/** Answers 401 to a request without a valid key, unless all that it selects is what an explorer needs at first. */
export function requireKey({ actor }: Context, facts: DocumentFacts | null): void {
  if (actor.kind !== 'anonymous' || facts?.rootFields.every((name) => FIELDS_WITHOUT_KEY.has(name))) return;
  throw keyRequired();
}

/** The same answer for a missing, wrong, expired or revoked key. */
export function keyRequired(): GraphQLError {
  const { code, sentence } = new Unauthenticated();
  return errorOf(code, sentence, {
    extensions: { http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) } },
  });
}
