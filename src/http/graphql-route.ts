import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { AnswerText } from '../graphql/request/bound-answer.js';
import { keyRequired } from '../graphql/request/require-key.js';
import { PREFLIGHTED } from '../graphql/server.js';
import type { Context } from '../graphql-kit/context.js';
import { requiresKey } from './unauthenticated.js';

/** The type of a request, and what shows that no web page has sent it without asking before. */
const APOLLO_HEADERS = ['content-type', ...PREFLIGHTED];
const LONGEST_ACCEPT = 200;

/** Answers GraphQL requests: each goes through Apollo Server, the first as the thousandth. */
export class GraphQLRoute {
  readonly #apollo: ApolloServer<Context>;
  /** The content types that Apollo Server has chosen, by the header `Accept`. */
  readonly #contentTypes = new LRUCache<string, string>({ max: 100 });

  constructor(apollo: ApolloServer<Context>) {
    this.#apollo = apollo;
  }

  /** The context is made before, so that a failure there is answered as any other. */
  async answer(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<AnswerText> {
    const { accept = '' } = request.headers;
    const contentType = this.#contentTypes.get(accept);
    const { status, headers, body } = await this.#apollo.executeHTTPGraphQLRequest({
      // Without the header Apollo Server negotiates nothing.
      httpGraphQLRequest: toApolloRequest(request, contentType === undefined ? accept : ''),
      // Thrown here, it is Apollo's own answer, with the status and the type that any other 401 has.
      context: async () => {
        if (isRefused(context, request)) throw keyRequired();
        return context;
      },
    });
    reply.code(status ?? 200);
    for (const [name, value] of headers) reply.header(name, value);
    if (contentType !== undefined) reply.header('content-type', contentType);
    // An error may be answered in a type that the client does not accept.
    else if (status === undefined) this.#remember(accept, headers.get('content-type'));
    if (body.kind !== 'complete')
      throw new Error('An answer came in chunks, which no operation of this schema asks for.');
    return withExtensions(body.string, context, status);
  }

  #remember(accept: string, contentType: string | undefined): void {
    if (contentType !== undefined && accept.length <= LONGEST_ACCEPT) {
      this.#contentTypes.set(accept, contentType);
    }
  }
}

/** Refused before the document is parsed: without a key nobody is to have thousands of them parsed. */
function isRefused({ actor, outcome }: Context, request: FastifyRequest): boolean {
  if (actor.kind !== 'anonymous' || !requiresKey(request)) return false;
  outcome.errorCodes = ['UNAUTHENTICATED'];
  return true;
}

/** Apollo's own refusals, before it has an operation, lack what every answer carries. */
function withExtensions(body: AnswerText, { requestId, cost }: Context, status = 200): AnswerText {
  if (status < 400 || typeof body !== 'string' || !body.startsWith('{')) return body;
  const answer = JSON.parse(body) as { extensions?: object };
  const known = status === 401 ? { requestId, cost } : { requestId };
  return JSON.stringify({ ...answer, extensions: { ...answer.extensions, ...known } });
}

/** What Apollo Server reads of a request; it asks no other header. */
function toApolloRequest({ method, headers, url, body }: FastifyRequest, accept: string): HTTPGraphQLRequest {
  const map = new HeaderMap();
  map.set('accept', accept);
  for (const name of APOLLO_HEADERS) {
    const value = headers[name];
    if (value !== undefined) map.set(name, value.toString());
  }
  const query = url.indexOf('?');
  return { method, headers: map, search: query < 0 ? '' : url.slice(query), body };
}
