import { type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';
import { toClientError } from '../errors.js';
import { logUnforeseen } from './complete-answer.js';

/** What is known of a document: how often it came, and its compiled form once it came often enough. */
interface Seen {
  uses: number;
  /** Null: it does not compile, and graphql-js executes it. */
  compiled?: CompiledQuery | null;
}

// Compiling costs more than executing once.
const USES_BEFORE_COMPILING = 3;
const REMEMBERED_DOCUMENTS = 1_000;

/**
 * Executes documents that come often as compiled functions; the answers are the same to the byte. Null for a
 * document that graphql-js is to execute.
 */
export function compiledExecution(
  schema: GraphQLSchema,
): NonNullable<GraphQLRequestListener<Context>['responseForOperation']> {
  const documents = new LRUCache<string, Seen>({ max: REMEMBERED_DOCUMENTS });
  return async ({ queryHash, operationName, document, contextValue, request }) => {
    const seen = remember(documents, `${queryHash} ${operationName ?? ''}`);
    if (seen.uses < USES_BEFORE_COMPILING) return null;
    if (seen.compiled === undefined) seen.compiled = compile(schema, document, operationName);
    if (seen.compiled === null) return null;
    const result = await seen.compiled.query({}, contextValue, request.variables ?? {});
    // Variables that do not fit: graphql-js has the words for it.
    if (result.data === undefined) return null;
    const { data, errors } = result;
    if (errors) logUnforeseen(contextValue, errors);
    const singleResult = errors ? { errors: errors.map(toClientError), data } : { data };
    return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
  };
}

function remember(documents: LRUCache<string, Seen>, key: string): Seen {
  const seen = documents.get(key) ?? { uses: 0 };
  if (seen.uses === 0) documents.set(key, seen);
  seen.uses += 1;
  return seen;
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
): CompiledQuery | null {
  const compiled = compileQuery(schema, document, operationName ?? undefined);
  return isCompiledQuery(compiled) ? compiled : null;
}
