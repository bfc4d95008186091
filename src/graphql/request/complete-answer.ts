import type { GraphQLResponse } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Context } from '../../graphql-kit/context.js';
import type { Operation } from '../../operation.js';
import { isUnforeseen, UNAVAILABLE } from '../errors.js';

/** Logs the causes of errors of which the client is told nothing. */
export function logUnforeseen({ log, requestId }: Operation, errors: readonly Error[]): void {
  for (const error of errors) {
    if (isUnforeseen(error)) log.error({ err: error, requestId }, 'unforeseen error');
  }
}

/** Puts the request id, the cost and a replay into an answer, and makes it 503 where nothing could be answered. */
export function completeAnswer(
  { body, http }: GraphQLResponse,
  { requestId, cost, outcome }: Pick<Context, 'requestId' | 'cost' | 'outcome'>,
): void {
  if (body.kind !== 'single') return;
  const { singleResult } = body;
  singleResult.extensions = { ...singleResult.extensions, requestId, cost };
  if (outcome.replayed) singleResult.extensions['idempotency'] = { replayed: true };
  if (!singleResult.errors) return;
  outcome.errorCodes = singleResult.errors.map(({ extensions }) => String(extensions?.['code']));
  if (isUnavailable(singleResult)) {
    http.status = 503;
    http.headers.set('retry-after', '1');
  }
}

/** A field that fails leaves the others standing: only an answer without any value is 503. */
function isUnavailable({
  data,
  errors = [],
}: {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
}): boolean {
  const empty = Object.values(data ?? {}).every((value) => value === null);
  return empty && errors.some(({ extensions }) => UNAVAILABLE.has(extensions?.['code']));
}
