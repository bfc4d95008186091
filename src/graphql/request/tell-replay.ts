import type { GraphQLResponse } from '@apollo/server';
import type { Context } from '../context.js';

/** Says in an answer that a mutation of it was not carried out now but had been before. */
export function tellReplay({ body }: Pick<GraphQLResponse, 'body'>, { idempotency }: Context): void {
  if (!idempotency.replayed || body.kind !== 'single') return;
  body.singleResult.extensions = { ...body.singleResult.extensions, idempotency: { replayed: true } };
}
