import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../context.js';
import { isUnforeseen, UNAVAILABLE } from '../errors.js';
import { rootFieldNames } from './authentication.js';

/** Puts the request id into every answer, tells the log what was asked and what went wrong, sets the status 503. */
export const answerPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue: { trace }, document, operation, queryHash }) {
        trace.operationHash = queryHash;
        trace.rootFields = operation && [...new Set(rootFieldNames(operation.selectionSet, document))];
      },
      async didEncounterErrors({ contextValue, errors }) {
        logUnforeseen(contextValue, errors);
      },
      async willSendResponse({ contextValue, response }) {
        completeResponse(response, contextValue.requestId);
      },
    };
  },
};

/** Logs the causes of errors of which the client is told nothing. */
export function logUnforeseen({ log }: { readonly log: Logger }, errors: readonly Error[]): void {
  for (const error of errors) {
    if (isUnforeseen(error)) log.error({ err: error }, 'unforeseen error');
  }
}

function completeResponse({ body, http }: GraphQLResponse, requestId: string): void {
  if (body.kind !== 'single') return;
  const { singleResult } = body;
  singleResult.extensions = { ...singleResult.extensions, requestId };
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
