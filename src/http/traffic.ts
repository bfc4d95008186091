import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { becomeJson, errorBody } from './refusals.js';

/** More requests than this at once are not taken on: they would only wait for each other. */
export const MAX_IN_FLIGHT = 1_000;
/** The longest that a request may take from its arrival to its answer. */
export const ANSWER_MS = 15_000;
/** The longest that a client may take from its request to the last byte of the answer. */
const READ_MS = 60_000;
const SWEEP_MS = 1_000;

/**
 * What the server has taken on and not yet answered. It refuses what is too much at once, answers what has taken too
 * long, and tells clients to leave once the server is going to stop.
 */
export class Traffic {
  readonly #inFlight = new Map<FastifyRequest, FastifyReply>();
  /** Answered, but not read yet: a client that takes its time is no work. */
  readonly #unread = new Map<FastifyRequest, FastifyReply>();
  readonly #counted: (code: 'OVERLOADED' | 'TIMEOUT') => void;
  readonly #times: { readonly answerMs: number; readonly readMs: number };
  #isDraining = false;

  /** @param counted is told of every request that is refused or given up here. */
  constructor(
    http: FastifyInstance,
    counted: (code: 'OVERLOADED' | 'TIMEOUT') => void,
    times = { answerMs: ANSWER_MS, readMs: READ_MS },
  ) {
    this.#counted = counted;
    this.#times = times;
    http.addHook('onRequest', (request, reply, done) => this.#enter(request, reply, done));
    http.addHook('onResponse', (request, _reply, done) => {
      this.#inFlight.delete(request);
      this.#unread.delete(request);
      done();
    });
    const sweep = setInterval(() => {
      this.#giveUpOverdue();
      this.#cutSlowReaders();
    }, SWEEP_MS).unref();
    http.addHook('onClose', async () => clearInterval(sweep));
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Whether the server has been told to stop and goes on answering for a while. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on every answer asks its client to leave, also those to requests that are under way. */
  startDraining(): void {
    this.#isDraining = true;
    for (const reply of this.#inFlight.values()) if (!reply.sent) reply.header('connection', 'close');
  }

  #enter(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    // The client goes elsewhere with its next request, instead of sending it into a connection that is being closed.
    if (this.#isDraining) reply.header('connection', 'close');
    if (this.#inFlight.size >= MAX_IN_FLIGHT && isWork(request)) {
      this.#refuse(request, reply, 'OVERLOADED', 'Too much is going on. Try again.');
      return;
    }
    this.#inFlight.set(request, reply);
    done();
  }

  /** No statement takes this long; many of them one after the other can. */
  #giveUpOverdue(): void {
    for (const [request, reply] of this.#inFlight) {
      if (reply.elapsedTime < this.#times.answerMs) return;
      // Node itself gives up what has not arrived, and two answers to one request must not follow each other.
      if (!request.raw.complete) continue;
      this.#inFlight.delete(request);
      if (reply.raw.headersSent) this.#unread.set(request, reply);
      else this.#refuse(request, reply, 'TIMEOUT', 'It took too long. Try again.');
    }
  }

  /** An answer that nobody reads keeps its memory and its connection. */
  #cutSlowReaders(): void {
    for (const [request, reply] of this.#unread) {
      if (reply.elapsedTime < this.#times.readMs) return;
      this.#unread.delete(request);
      request.raw.socket.destroy();
    }
  }

  #refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    code: 'OVERLOADED' | 'TIMEOUT',
    message: string,
  ): void {
    this.#counted(code);
    becomeJson(reply);
    reply
      .code(503)
      .header('retry-after', '1')
      .send(errorBody(code, message, request.id));
  }
}

/** Health and metrics are answered under any load: they say how it stands. */
function isWork({ url }: FastifyRequest): boolean {
  return url !== '/healthz' && url !== '/readyz' && url !== '/metrics';
}
