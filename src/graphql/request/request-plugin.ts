import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import { factsOf } from '../document-facts.js';
import { checkVariables } from './check-variables.js';
import { compiledExecution } from './compiled-execution.js';
import { completeAnswer, logUnforeseen } from './complete-answer.js';
import { refuseIdempotent } from './refuse-idempotent.js';
import { requireKey } from './require-key.js';

/**
 * What happens to every request, in this order. One plugin and one listener for all requests: Apollo awaits every
 * hook of every plugin at each of them.
 */
export function requestPlugin(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const execute = compiledExecution(schema);
  const listener: GraphQLRequestListener<Context> = {
    async didResolveOperation({ contextValue, document, operation, queryHash, request }) {
      const facts = factsOf(document, operation);
      contextValue.trace.operationHash = queryHash;
      contextValue.trace.rootFields = facts?.rootFields;
      requireKey(contextValue, facts);
      refuseIdempotent(facts);
      if (operation) checkVariables(schema, operation, request.variables ?? {});
    },
    responseForOperation: execute,
    async didEncounterErrors({ contextValue, errors }) {
      logUnforeseen(contextValue, errors);
    },
    async willSendResponse({ contextValue, response }) {
      completeAnswer(response, contextValue.requestId);
    },
  };
  return { requestDidStart: async () => listener };
}
