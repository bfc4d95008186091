import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { factsOf } from '../document-facts.js';
import { admit } from './admit.js';
import { checkVariables } from './check-variables.js';
import type { CompiledDocuments } from './compiled-documents.js';
import { completeAnswer, logUnforeseen } from './complete-answer.js';
import { takeIdempotencyKeys } from './idempotency-keys.js';
import { limitCost } from './limit-cost.js';
import { costOf } from './query-cost.js';

/**
 * What happens to every request that goes through Apollo, in this order. One plugin and one listener for all
 * requests: Apollo awaits every hook of every plugin at each of them.
 */
export function requestPlugin(
  schema: GraphQLSchema,
  documents: CompiledDocuments,
): ApolloServerPlugin<Context> {
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ contextValue, document, operation, queryHash, request }) {
      const facts = factsOf(document, operation);
      const variables = request.variables ?? {};
      admit(contextValue, facts, queryHash);
      if (!operation) return;
      checkVariables(schema, operation, variables);
      limitCost(contextValue, costOf(schema, document, operation, variables));
      takeIdempotencyKeys(
        contextValue,
        { schema, document, operation, variables },
        facts?.isIdempotent ?? false,
      );
    },
    async responseForOperation({ contextValue, document, operation, queryHash, request, source }) {
      // As the request names it, not as Apollo has found it out.
      const operationName = request.operationName ?? null;
      const valid = { source, operationName, hash: queryHash, document, operation };
      const executed = await documents.use(valid)?.execute(contextValue, request.variables ?? {});
      if (!executed) return null;
      return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: executed } };
    },
    async didEncounterErrors({ contextValue, errors }) {
      logUnforeseen(contextValue, errors);
    },
    async willSendResponse({ contextValue, response }) {
      completeAnswer(response, contextValue);
    },
  };
  return {
    requestDidStart: async () => listener,
    // What Apollo itself, or a hook of ours, did not foresee; the client is told of an internal error.
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logUnforeseen(requestContext.contextValue, [error]);
    },
  };
}
