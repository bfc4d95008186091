import { type GraphQLResponse, HeaderMap } from '@apollo/server';
import type { Context } from '../context.js';
import { admit } from './admit.js';
import type { CompiledDocuments, CompiledOperation, Executed, Variables } from './compiled-documents.js';
import { completeAnswer } from './complete-answer.js';
import { limitCost } from './limit-cost.js';

/**
 * Answers a request whose document was validated and compiled before, without Apollo's pipeline, which takes as
 * long as the look-up itself (docs/decisions/0008). Null for every other request and for each that is to be
 * refused: nothing has been executed then, and Apollo answers it.
 */
export async function answerCompiled(
  documents: CompiledDocuments,
  context: Context,
  body: unknown,
): Promise<GraphQLResponse | null> {
  const request = readRequest(body);
  const operation = request && documents.find(request.query, request.operationName);
  if (!operation || isKeyed(context, operation)) return null;
  if (!isAdmitted(context, operation, request.variables)) return null;
  const executed = await operation.execute(context, request.variables);
  return executed && toResponse(executed, context);
}

interface PlainRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Variables;
}

/** A request of nothing but a document and its variables; null for one with extensions or in another form. */
function readRequest(body: unknown): PlainRequest | null {
  if (!isRecord(body)) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== 'string' || extensions !== null) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (variables !== null && !isRecord(variables)) return null;
  return { query, operationName, variables: variables ?? {} };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Idempotency keys may stand in the document's variables and are read by Apollo's way. */
function isKeyed({ idempotency }: Context, { facts }: CompiledOperation): boolean {
  return facts.isIdempotent || idempotency.header !== undefined;
}

/** The steps change nothing, so that a request which one of them refuses can pass them again for its answer. */
function isAdmitted(
  context: Context,
  { facts, hash, costOf }: CompiledOperation,
  variables: Variables,
): boolean {
  try {
    admit(context, facts, hash);
    limitCost(context, costOf(variables));
    return true;
  } catch {
    return false;
  }
}

function toResponse({ data, errors }: Executed, context: Context): GraphQLResponse {
  // The order of the members is Apollo's.
  const singleResult = errors ? { errors, data } : { data };
  const response: GraphQLResponse = {
    http: { headers: new HeaderMap() },
    body: { kind: 'single', singleResult },
  };
  completeAnswer(response, context);
  return response;
}
