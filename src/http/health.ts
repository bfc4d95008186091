import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { DatabaseError, type DatabaseFailure } from '../db/errors.js';
import { VERSION } from '../version.js';
import type { Metrics } from './metrics.js';
import type { Traffic } from './traffic.js';

/** Why a server is not ready: a word for a program and a sentence for a person. */
interface Reason {
  readonly code: string;
  readonly reason: string;
}

/** A load balancer gets its answer within this time. */
const CHECK_WITHIN_MS = 2_000;
/** For so long one check answers all probes. */
const REMEMBERED_MS = 50;

const stopping: Reason = { code: 'STOPPING', reason: 'The server is about to stop.' };
const silent: Reason = { code: 'TIMEOUT', reason: 'The database does not answer in time.' };
const unknown: Reason = { code: 'INTERNAL_SERVER_ERROR', reason: 'The database answers with an error.' };

const reasons: Readonly<Record<DatabaseFailure, Reason>> = {
  unavailable: { code: 'DATABASE_UNAVAILABLE', reason: 'The database cannot be reached.' },
  overloaded: { code: 'OVERLOADED', reason: 'No connection to the database becomes free.' },
  timeout: silent,
  conflict: silent,
  'storage-full': { code: 'STORAGE_FULL', reason: 'The storage of the database is full.' },
};

/**
 * `/healthz`: the process is up. `/readyz`: it takes requests, and the database answers on every way that leads to
 * it; 503 and why where not. `/metrics`: numbers for Prometheus.
 */
export function addHealthRoutes(
  http: FastifyInstance,
  { ping, traffic, metrics }: { ping: () => Promise<void>; traffic: Traffic; metrics: Metrics },
): void {
  const check = sharedCheck(ping, traffic);
  http.get('/healthz', () => ({ status: 'up', version: VERSION }));
  http.get('/readyz', async (_request, reply) => {
    const reason = traffic.isDraining ? stopping : await check();
    if (reason === null) return { status: 'ready' };
    reply.code(503).header('retry-after', '1');
    return { status: 'not ready', ...reason };
  });
  http.get('/metrics', async (_request, reply) => {
    const { type, text } = await metrics.read();
    reply.header('content-type', type);
    return text;
  });
}

/**
 * Asks the database. Probes that come meanwhile, or within 50 ms, get the same answer: they must not use up its
 * connections, nor have it asked a thousand times a second.
 */
function sharedCheck(ping: () => Promise<void>, traffic: Traffic): () => Promise<Reason | null> {
  let asking: Promise<Reason | null> | null = null;
  let interrupt: (reason: Reason) => void = () => {};
  // The check may wait for a slow statement; a load balancer has to hear of the end before it comes.
  traffic.onDraining = () => interrupt(stopping);
  const ask = async () => {
    try {
      return await Promise.race([
        ping().then(() => null),
        sleep(CHECK_WITHIN_MS, silent, { ref: false }),
        new Promise<Reason>((resolve) => {
          interrupt = resolve;
        }),
      ]);
    } catch (error) {
      return error instanceof DatabaseError ? reasons[error.failure] : unknown;
    }
  };
  return () => {
    asking ??= ask().finally(() => {
      setTimeout(() => {
        asking = null;
      }, REMEMBERED_MS).unref();
    });
    return asking;
  };
}
