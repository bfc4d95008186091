import { type ApolloServer, type GraphQLResponse, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Context } from '../graphql/context.js';
import { answerCompiled } from '../graphql/request/answer-compiled.js';
import type { CompiledDocuments } from '../graphql/request/compiled-documents.js';

const REMEMBERED_ACCEPT_HEADERS = 100;

/** Answers GraphQL requests: those with a document that came often by its compiled form, the others through Apollo. */
export class GraphQLRoute {
  readonly #apollo: ApolloServer<Context>;
  readonly #documents: CompiledDocuments;
  /** What Apollo answered a POST with, by its `accept` header. */
  readonly #contentTypes = new LRUCache<string, string>({ max: REMEMBERED_ACCEPT_HEADERS });

  constructor(apollo: ApolloServer<Context>, documents: CompiledDocuments) {
    this.#apollo = apollo;
    this.#documents = documents;
  }

  /** The context is made before, so that a failure there is answered as any other. */
  async answer(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const contentType = this.#contentTypeOf(request);
    const response = contentType && (await answerCompiled(this.#documents, context, request.body));
    if (!response) return this.#answerThroughApollo(context, request, reply);
    reply.header('content-type', contentType);
    sendHead(response.http, reply);
    return `${JSON.stringify(singleResultOf(response))}\n`;
  }

  async #answerThroughApollo(
    context: Context,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const response = await this.#apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      context: async () => context,
    });
    sendHead(response, reply);
    if (response.body.kind !== 'complete') throw new Error(CHUNKED);
    if (!response.status) this.#rememberContentType(request, response.headers.get('content-type'));
    return withRequestId(response.body.string, context.requestId, response.status);
  }

  #contentTypeOf({ method, headers }: FastifyRequest): string | undefined {
    return method === 'POST' ? this.#contentTypes.get(headers.accept ?? '') : undefined;
  }

  #rememberContentType({ method, headers }: FastifyRequest, contentType: string | undefined): void {
    if (method === 'POST' && contentType) this.#contentTypes.set(headers.accept ?? '', contentType);
  }
}

const CHUNKED = 'An answer came in chunks, which no operation of this schema asks for.';

function sendHead({ status, headers }: GraphQLResponse['http'], reply: FastifyReply): void {
  reply.code(status ?? 200);
  for (const [name, value] of headers) reply.header(name, value);
}

function singleResultOf({ body }: GraphQLResponse) {
  if (body.kind !== 'single') throw new Error(CHUNKED);
  return body.singleResult;
}

/** Apollo's own refusals, before it has an operation, lack the request id that every answer carries. */
function withRequestId(body: string, requestId: string, status = 200): string {
  if (status < 400 || !body.startsWith('{')) return body;
  const answer = JSON.parse(body) as { extensions?: object };
  return JSON.stringify({ ...answer, extensions: { ...answer.extensions, requestId } });
}

function toApolloRequest({ method, headers, url, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const query = url.indexOf('?');
  return { method, headers: map, search: query < 0 ? '' : url.slice(query), body };
}
