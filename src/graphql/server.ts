import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from './context.js';
import { toClientError } from './errors.js';
import { knownOperationTypesRule } from './known-operation-types.js';
import type { CompiledDocuments } from './request/compiled-documents.js';
import { requestPlugin } from './request/request-plugin.js';

export interface GraphQLServerOptions {
  readonly schema: GraphQLSchema;
  readonly documents: CompiledDocuments;
  /** What a browser is shown; without it nothing. */
  readonly landingPage: ApolloServerPlugin | null;
  readonly log: Logger;
}

/** More tokens than this make a document too large to look at. */
const MAX_TOKENS = 1_000;

/** Apollo's options. It does not listen: `http/` hands it requests. */
export function createGraphQLServer({
  schema,
  documents,
  landingPage,
  log,
}: GraphQLServerOptions): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [knownOperationTypesRule],
    logger: log,
    formatError: (_, error) => toClientError(error),
    plugins: [
      // It walks every result and is of no use where nothing may be cached by others.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing about requests leaves this server, whatever APOLLO_KEY says.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      landingPage ?? ApolloServerPluginLandingPageDisabled(),
      requestPlugin(schema, documents),
    ],
  });
}
