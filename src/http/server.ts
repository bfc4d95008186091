import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.js';
import type { Limits } from '../config/limits.js';
import type { Admission } from './admission.js';
import { drain } from './drain.js';
import { answerError, nothingHere } from './error-answers.js';
import type { GraphQLRoute } from './graphql-route.js';
import { addHealthRoutes } from './health.js';
import { addHostRule, type HostRule } from './host-rule.js';
import { acceptJsonOnly, UNREAD } from './json-body.js';
import { type Measured, Metrics } from './metrics.js';
import {
  becomeJson,
  errorBody,
  lacksHost,
  refuseConnection,
  refuseExpectation,
  SECURITY_HEADERS,
} from './refusals.js';
import { type RequestContext, record } from './request-log.js';
import { Traffic, type TrafficEvents } from './traffic.js';
import { trafficLimits } from './traffic-limits.js';

export interface HttpOptions {
  readonly route: GraphQLRoute;
  readonly admission: Admission;
  /** Makes the context in which a request is executed. */
  readonly contextOf: (request: {
    requestId: string;
    actor: Actor;
    /** The headers `Idempotency-Key`, each as it came. */
    idempotencyKeys: readonly string[];
  }) => Promise<RequestContext>;
  readonly ping: () => Promise<void>;
  /** What the metrics tell of the database. */
  readonly measured: Measured;
  /** Null: any `Host` is accepted. */
  readonly hostRule: HostRule | null;
  /** Whose web pages may read answers. */
  readonly corsOrigins: readonly string[];
  /** Proxies whose `X-Forwarded-For` is trusted: addresses, networks, or Fastify's names for such. */
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
  readonly log: Logger;
}

/** An HTTP server, and the way to stop it without failing a request. */
export interface VaultServer {
  readonly http: FastifyInstance;
  /** Turns `/readyz` to 503, answers what has been accepted, and closes. */
  drain(): Promise<void>;
}

/** How often Node looks for clients that are too slow; by default it is every 30 s. */
const LOOK_AT_CONNECTIONS_MS = 1_000;

const METHODS: ReadonlyMap<string, string> = new Map([
  ['/graphql', 'GET, POST'],
  ['/', 'GET'],
  ['/sandbox', 'GET'],
  ['/dashboard', 'GET'],
  ['/healthz', 'GET'],
  ['/readyz', 'GET'],
  ['/metrics', 'GET'],
]);

/** The HTTP server: routes, limits, one line in the log a request. It does not listen yet. */
export async function createHttpServer(options: HttpOptions): Promise<VaultServer> {
  const { route, admission, contextOf, ping, measured, hostRule, limits, log } = options;
  const http = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    trustProxy: options.trustedProxies.length > 0 && [...options.trustedProxies],
    // A client's own header is ignored.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    http: {
      maxHeaderSize: limits.headerBytes,
      requireHostHeader: false,
      headersTimeout: Math.min(limits.headersMs, limits.requestMs),
      connectionsCheckingInterval: LOOK_AT_CONNECTIONS_MS,
    },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      const status = refuseConnection(error, socket);
      if (status !== null) traffic.noteRefusal(socket, status);
    },
    // An address that cannot be decoded; no hook has seen it.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      reply.code(404).header('x-request-id', request.id).send(nothingHere(request.id));
    },
  });
  http.decorateRequest('caller', null);
  http.decorateRequest('operation', null);
  http.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.headers(SECURITY_HEADERS);
    done();
  });
  // Before all else, so that every request is counted and logged, also one that is refused at once.
  const metrics = new Metrics(measured, () => traffic);
  const events: TrafficEvents = {
    refused: (code) => metrics.countError(code),
    ended: (request, reply, status) =>
      record(log, metrics, { request, reply, known: request.operation, status }),
  };
  const traffic = new Traffic(http, admission.sharerOf, events, trafficLimits(limits.atOnce));
  http.addHook('onRequest', (request, reply, done) => {
    if (!lacksHost(request.raw)) return done();
    reply.code(400).send(errorBody('BAD_USER_INPUT', 'A request needs the header `Host`.', request.id));
  });
  if (hostRule) addHostRule(http, hostRule);
  http.server.on('checkExpectation', refuseExpectation);
  if (options.corsOrigins.length > 0) {
    await http.register(cors, {
      origin: [...options.corsOrigins],
      maxAge: 600,
      exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy'],
      strictPreflight: false,
    });
  }
  acceptJsonOnly(http, {
    maxBytes: limits.bodyBytes,
    isKnown: (request) => admission.actorOf(request).kind !== 'anonymous',
    hold: (request, bytes) => traffic.holdBody(request, bytes),
  });
  http.setErrorHandler((error: FastifyError, request, reply) => {
    becomeJson(reply);
    const body = answerError(log, limits, error, request, reply);
    for (const { extensions } of body.errors) metrics.countError(extensions.code);
    // Sent here: routes of others call this and do not look at what it returns.
    reply.send(body);
  });
  http.setNotFoundHandler((request, reply) => answerNotFound(http, request, reply));
  addHealthRoutes(http, { ping, traffic, metrics });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    request.operation = await contextOf({
      requestId: request.id,
      actor: await admission.actorNow(request),
      idempotencyKeys: headersOf(request, 'idempotency-key'),
    });
    return route.answer(request.operation.context, request, reply);
  };
  const handle = (request: FastifyRequest, reply: FastifyReply) => {
    // The rest of it is not waited for.
    if (request.body === UNREAD) reply.header('connection', 'close');
    return traffic.run(request, reply, () => answer(request, reply));
  };
  http.route({ method: ['GET', 'POST'], url: '/graphql', onRequest: admission.admit, handler: handle });
  return { http, drain: () => drain(http, traffic) };
}

/** Each header of this name by itself: Node joins them to one. */
function headersOf({ headers, raw }: FastifyRequest, name: string): readonly string[] {
  return headers[name] === undefined ? [] : (raw.headersDistinct[name] ?? []);
}

/** Another method at an address that there is, or an address that there is not. */
function answerNotFound(http: FastifyInstance, { id, url }: FastifyRequest, reply: FastifyReply) {
  const [path = ''] = url.split('?');
  const methods = METHODS.get(path);
  // Pages are only where they are switched on.
  if (methods === undefined || !http.hasRoute({ method: 'GET', url: path })) {
    reply.code(404);
    return nothingHere(id);
  }
  reply.code(405).header('allow', methods);
  return errorBody('BAD_USER_INPUT', `This address takes ${methods}.`, id);
}
