import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { mayDoAll } from '../../access/authorise.js';
import type { Context } from '../../graphql-kit/context.js';
import { factsOf } from '../document-facts.js';
import { boundAnswer } from './bound-answer.js';
import { checkVariables } from './check-variables.js';
import { completeAnswer, logUnforeseen } from './complete-answer.js';
import { takeIdempotencyKeys } from './idempotency-keys.js';
import { limitCost } from './limit-cost.js';
import { costOf } from './query-cost.js';
import { requireKey } from './require-key.js';

/**
 * What happens to every request beside Apollo's own steps, in this order. One plugin and one listener for all
 * requests: Apollo awaits every hook of every plugin at each of them.
 *
 * @param shown the schema, where errors may tell its names.
 */
export function requestPlugin(
  schema: GraphQLSchema,
  shown: GraphQLSchema | null,
): ApolloServerPlugin<Context> {
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ contextValue, document, operation, queryHash, request }) {
      const facts = factsOf(schema, document, operation);
      const variables = request.variables ?? {};
      contextValue.trace.operationHash = queryHash;
      contextValue.trace.rootFields = facts?.rootFields;
      requireKey(contextValue, facts);
      if (!facts || !operation) return;
      contextValue.isAuthorised = mayDoAll(contextValue, facts.actions);
      checkVariables({ schema, shown, notNull: facts.notNull }, operation, variables);
      limitCost(contextValue, costOf(schema, document, operation, variables));
      takeIdempotencyKeys(contextValue, { schema, document, operation, variables }, facts.isIdempotent);
    },
    async didEncounterErrors({ contextValue, errors }) {
      logUnforeseen(contextValue, errors);
    },
    async willSendResponse({ contextValue, operation, response }) {
      completeAnswer(response, contextValue);
      await boundAnswer(response, contextValue, operation);
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
