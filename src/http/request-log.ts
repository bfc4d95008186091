import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.js';
import type { Context } from '../graphql-kit/context.js';
import { unreachable } from '../shared/result.js';
import type { Metrics } from './metrics.js';

/** The context of a request, and what is logged of it when it has been answered. */
export interface RequestContext {
  readonly context: Context;
  readonly statements: () => number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until its context is made. */
    operation: RequestContext | null;
  }
}

/** A request that has been answered, or whose client has left. */
export interface Ended {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Null where it did not come to be an operation. */
  readonly known: RequestContext | null;
  readonly status: number;
}

/** Writes the one line that the log has of a request, and counts it. */
export function record(log: Logger, metrics: Metrics, ended: Ended): void {
  logRequest(log, ended);
  countAnswer(metrics, ended);
}

function countAnswer(metrics: Metrics, { request, reply, known, status }: Ended): void {
  const { errorCodes = [], replayed = false } = known?.context.outcome ?? {};
  metrics.count({
    route: request.routeOptions.url ?? 'none',
    status,
    milliseconds: reply.elapsedTime,
    errorCodes,
    replayed,
  });
}

function logRequest(log: Logger, { request, reply, known, status }: Ended): void {
  // Good answers of the health routes are of no interest; what was refused before it was an operation is.
  if (!known && status < 400) return;
  const { actor, trace } = known?.context ?? {};
  log.info(
    {
      requestId: request.id,
      ...(actor && callerOf(actor)),
      ...trace,
      status,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      statements: known?.statements() ?? 0,
    },
    'request',
  );
}

/** What the log is told of the caller: ids only. */
function callerOf(actor: Actor) {
  switch (actor.kind) {
    case 'anonymous':
      return {};
    case 'api-key':
      return { merchantId: actor.merchantId, keyId: actor.id };
    case 'customer-session':
      return { merchantId: actor.merchantId, sessionId: actor.id };
    default:
      return unreachable(actor);
  }
}
