import type { DocumentNode, GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';
import { type DocumentFacts, factsOf } from '../document-facts.js';
import { toClientError } from '../errors.js';
import { logUnforeseen } from './complete-answer.js';
import { costOf } from './query-cost.js';

/** A document as Apollo has parsed and validated it, and the operation in it that is meant. */
export interface ValidDocument {
  readonly source: string;
  readonly operationName: string | null;
  /** SHA-256 of the source. */
  readonly hash: string | undefined;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** An operation that came often enough to be compiled. */
export interface CompiledOperation {
  readonly facts: DocumentFacts;
  readonly hash: string | undefined;
  /** Objects with an id that it could return. */
  costOf(variables: Variables): number;
  /** Null for variables that do not fit: nothing has been executed, and graphql-js has the words for it. */
  execute(context: Context, variables: Variables): Promise<Executed | null>;
}

export type Variables = Readonly<Record<string, unknown>>;

export interface Executed {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

interface Seen {
  uses: number;
  /** Null: it does not compile, and graphql-js executes it. */
  compiled?: CompiledOperation | null;
}

// Compiling costs more than executing once.
const USES_BEFORE_COMPILING = 3;
const REMEMBERED_DOCUMENTS = 1_000;
/** UTF-16 units of all sources together. */
const REMEMBERED_LENGTH = 4 * 1024 * 1024;

/**
 * The documents that come often, compiled to functions by graphql-jit; the answers are the same to the byte. They
 * are known by their text, so that one that has been validated is found again without parsing it.
 */
export class CompiledDocuments {
  readonly #schema: GraphQLSchema;
  readonly #documents = new LRUCache<string, Seen>({
    max: REMEMBERED_DOCUMENTS,
    maxSize: REMEMBERED_LENGTH,
    sizeCalculation: (_, key) => key.length + 1,
  });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** The compiled operation of a document that has been validated before; null for one that is to be. */
  find(source: string, operationName: string | null): CompiledOperation | null {
    return this.#documents.get(keyOf(source, operationName))?.compiled ?? null;
  }

  /** Counts a use of a valid document, and compiles it when it came often enough. */
  use(valid: ValidDocument): CompiledOperation | null {
    const key = keyOf(valid.source, valid.operationName);
    const seen = this.#documents.get(key) ?? { uses: 0 };
    if (seen.uses === 0) this.#documents.set(key, seen);
    seen.uses += 1;
    if (seen.uses < USES_BEFORE_COMPILING) return null;
    if (seen.compiled === undefined) seen.compiled = compile(this.#schema, valid);
    return seen.compiled;
  }
}

function keyOf(source: string, operationName: string | null): string {
  return `${operationName ?? ''}\n${source}`;
}

function compile(
  schema: GraphQLSchema,
  { document, operation, operationName, hash }: ValidDocument,
): CompiledOperation | null {
  const compiled = compileQuery(schema, document, operationName ?? undefined, {
    // What the resolvers give for a string, a number or an enum comes from our own rows and checks.
    disableLeafSerialization: true,
  });
  const facts = factsOf(document, operation);
  if (!isCompiledQuery(compiled) || !facts) return null;
  return {
    facts,
    hash,
    costOf: (variables) => costOf(schema, document, operation, variables),
    execute: (context, variables) => execute(compiled, context, variables),
  };
}

async function execute(
  compiled: CompiledQuery,
  context: Context,
  variables: Variables,
): Promise<Executed | null> {
  const { data, errors } = await compiled.query({}, context, variables);
  if (data === undefined) return null;
  if (!errors) return { data };
  logUnforeseen(context, errors);
  return { errors: errors.map(toClientError), data };
}
