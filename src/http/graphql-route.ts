import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyRequired } from '../graphql/request/require-key.js';
import type { Context } from '../graphql-kit/context.js';
import { needsKey } from './open-to-all.js';

/** Answers GraphQL requests: each goes through Apollo Server, the first as the thousandth. */
export class GraphQLRoute {
  readonly #apollo: ApolloServer<Context>;

  constructor(apollo: ApolloServer<Context>) {
    this.#apollo = apollo;
  }

  /** The context is made before, so that a failure there is answered as any other. */
  async answer(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { status, headers, body } = await this.#apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      // Thrown here, it is Apollo's own answer, with the status and the type that any other 401 has.
      context: async () => {
        if (isRefused(context, request)) throw keyRequired();
        return context;
      },
    });
    reply.code(status ?? 200);
    for (const [name, value] of headers) reply.header(name, value);
    if (body.kind !== 'complete')
      throw new Error('An answer came in chunks, which no operation of this schema asks for.');
    return withExtensions(body.string, context, status);
  }
}

/** Refused before the document is parsed: whoever has no key could have ten thousand of them parsed. */
function isRefused({ actor, outcome }: Context, request: FastifyRequest): boolean {
  if (actor.kind !== 'anonymous' || !needsKey(request)) return false;
  outcome.errorCodes = ['UNAUTHENTICATED'];
  return true;
}

/** Apollo's own refusals, before it has an operation, lack what every answer carries. */
function withExtensions(body: string, { requestId, cost }: Context, status = 200): string {
  if (status < 400 || !body.startsWith('{')) return body;
  const answer = JSON.parse(body) as { extensions?: object };
  const known = status === 401 ? { requestId, cost } : { requestId };
  return JSON.stringify({ ...answer, extensions: { ...answer.extensions, ...known } });
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
