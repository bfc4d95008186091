import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Limits } from '../config/limits.js';
import type { Context } from '../graphql-kit/context.js';
import { toClientError } from './errors.js';
import { knownOperationTypesRule } from './known-operation-types.js';
import { listedDocuments, rememberedDocuments } from './persisted-documents.js';
import { plainNamesRule } from './plain-names.js';
import { answerText } from './request/bound-answer.js';
import { documentLimitsRule } from './request/document-limits.js';
import { requestPlugin } from './request/request-plugin.js';
import { type TrustedDocuments, trustedDocumentsRule } from './trusted-documents.js';

export interface GraphQLServerOptions {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly limits: Limits;
  /** Tells nothing of the schema: no introspection, no suggestions. */
  readonly hidesSchema: boolean;
  /** Null: any document may be run. */
  readonly trustedDocuments: TrustedDocuments | null;
}

/**
 * Headers that no form of another page can send, and none of its scripts without asking before. Browsers add credentials
 * of Basic by themselves, but they open nothing here.
 */
export const PREFLIGHTED = ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'];

/** Apollo's options. It does not listen: `http/` hands it requests. */
export function createGraphQLServer({
  schema,
  log,
  limits,
  hidesSchema,
  trustedDocuments,
}: GraphQLServerOptions): ApolloServer<Context> {
  const shown = hidesSchema ? null : schema;
  return new ApolloServer<Context>({
    schema,
    introspection: !hidesSchema,
    hideSchemaDetailsFromClientErrors: hidesSchema,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: { requestHeaders: PREFLIGHTED },
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [
      ...(trustedDocuments ? [trustedDocumentsRule(trustedDocuments)] : []),
      documentLimitsRule(limits),
      knownOperationTypesRule,
      plainNamesRule,
    ],
    // Each further one takes time, and nobody reads a hundred.
    validationOptions: { maxErrors: 10 },
    persistedQueries: {
      cache: trustedDocuments ? listedDocuments(trustedDocuments) : rememberedDocuments(),
    },
    logger: withoutText(log),
    formatError: (_, error) => toClientError(error, shown),
    stringifyResult: answerText,
    plugins: [
      // It walks every result and is of no use where nothing may be cached by others.
      ApolloServerPluginCacheControlDisabled(),
      // Nothing about requests leaves this server, whatever APOLLO_KEY says.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      requestPlugin(schema, shown),
    ],
  });
}

/** Apollo's sentences quote what was thrown; its causes are logged by `requestPlugin`. */
function withoutText(log: Logger): NonNullable<ApolloServerOptions<Context>['logger']> {
  return {
    debug: () => {},
    info: () => {},
    warn: () => log.warn('Apollo Server gave a warning'),
    error: () => log.error('Apollo Server reported an error'),
  };
}
