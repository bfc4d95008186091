import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { yielding } from '../shared/event-loop-yielding.js';
import { HeldBytes } from './held-bytes.js';
import { type OpenRequest, OpenRequests } from './open-requests.js';
import { refuse503 } from './refusals.js';
import { RequestQueue } from './request-queue.js';
import type { TrafficLimits } from './traffic-limits.js';

const SWEEP_MS = 1_000;

/** What is told of requests that end in here. */
export interface TrafficEvents {
  /** A request is refused or given up. */
  refused(code: 'OVERLOADED' | 'TIMEOUT'): void;
  /** A request has been answered, or its connection has ended before that (499). */
  ended(request: FastifyRequest, reply: FastifyReply, status: number): void;
}

/**
 * Divides the event loop, the places in the request queue and the memory for bodies and answers fairly between
 * merchants, answers 503 where a request takes too long, and closes the connections of clients that do not read.
 */
export class Traffic {
  readonly #open: OpenRequests;
  readonly #queue: RequestQueue;
  readonly #bodies: HeldBytes<FastifyRequest>;
  readonly #unread: HeldBytes<FastifyRequest>;
  readonly #sharerOf: (request: FastifyRequest) => string;
  readonly #events: TrafficEvents;
  readonly #limits: TrafficLimits;
  #isDraining = false;
  /** Is called once when the server is going to stop. */
  onDraining: () => void = () => {};

  /** @param sharerOf a name of the merchant or partner that a request is from, as far as it is known. */
  constructor(
    http: FastifyInstance,
    sharerOf: (request: FastifyRequest) => string,
    events: TrafficEvents,
    limits: TrafficLimits,
  ) {
    this.#sharerOf = sharerOf;
    this.#events = events;
    this.#limits = limits;
    this.#open = new OpenRequests(limits.pipelined, (open, status) => this.#end(open, status));
    this.#queue = new RequestQueue(limits.queue);
    this.#bodies = new HeldBytes(limits.bodies);
    this.#unread = new HeldBytes(limits.unread);
    http.addHook('onRequest', (request, reply, done) => {
      // Where `done` is not called, Fastify does nothing more.
      if (!this.#open.add(request, reply)) return;
      // The client goes elsewhere with its next request, instead of sending it into a connection that is being closed.
      if (this.#isDraining) reply.header('connection', 'close');
      if (!yielding.isDue) return done();
      // Of a thousand that arrive at once each is authenticated and read in its sharer's turns of the event loop.
      void this.#later(request).then(() => {
        if (this.#open.get(request) && !reply.sent) done();
      });
    });
    http.addHook('onSend', (request, _reply, payload, done) => {
      if (payload instanceof Readable) this.#holdSource(request, payload);
      else this.#holdAnswer(request, payload);
      done();
    });
    http.addHook('onResponse', (request, _reply, done) => {
      this.#open.answered(request);
      done();
    });
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    http.addHook('onClose', async () => clearInterval(sweep));
  }

  /** Requests whose answers are not handed over. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Requests that wait for others of the same merchant. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** Bytes of answers that clients have not read yet. */
  get unreadBytes(): number {
    return this.#unread.total;
  }

  /** Whether the server has been told to stop and goes on answering for a while. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on every answer asks its client to leave, also those to requests that are under way. */
  startDraining(): void {
    this.#isDraining = true;
    this.onDraining();
    for (const { reply } of this.#open.all()) if (!reply.sent) reply.header('connection', 'close');
  }

  /**
   * Executes a request when there is room for it, and gives its place back when the work is done, also where the client
   * has left meanwhile. Answers 503 itself where there is no room, and nothing where the client has left before.
   */
  async run<Answer>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<Answer>,
  ): Promise<Answer | FastifyReply> {
    const open = this.#open.get(request);
    const place = open ? this.#queue.enter(this.#sharerOf(request)) : null;
    if (open) open.place = place;
    const hasPlace = place !== null && (await place.begins);
    if (hasPlace && yielding.isDue) await this.#later(request);
    try {
      if (!this.#open.get(request)) return reply.hijack();
      if (hasPlace && !reply.sent) return await work();
      if (!reply.sent) this.#refuse(request, reply, 'OVERLOADED');
      return reply;
    } finally {
      place?.leave();
    }
  }

  /** Counts bytes of a body that has arrived; false where there are too many at once. */
  holdBody(request: FastifyRequest, bytes: number): boolean {
    if (!this.#open.get(request)) return true;
    const sharer = this.#sharerOf(request);
    this.#bodies.add(request, sharer, bytes);
    return !this.#bodies.isTooMuch(sharer);
  }

  /** Notes with which status the server ends a connection that it cannot read on. */
  noteRefusal(socket: Socket, status: number): void {
    this.#open.noteRefusal(socket, status);
  }

  /**
   * Resolves in a later turn of the event loop. Beginnings of one sharer have turns apart from those of its answers:
   * an answer under way is finished before what waits behind it, and a small request would wait for a large answer.
   */
  #later(request: FastifyRequest): Promise<null> {
    return yielding.later(`begin ${this.#sharerOf(request)}`, null);
  }

  /** Every request ends here, once. */
  #end({ request, reply, place, source }: OpenRequest, status: number): void {
    this.#bodies.release(request);
    this.#unread.release(request);
    place?.stopWaiting();
    // Node tells an answer behind another one on its connection nothing of the end of that.
    source?.destroy();
    this.#events.ended(request, reply, status);
  }

  /** One at a time on each connection: no browser asks for more, and each holds a file open until it is read. */
  #holdSource(request: FastifyRequest, source: Readable): void {
    const open = this.#open.get(request);
    if (!open) return void source.destroy();
    open.source = source;
    const { socket, open: all } = open.connection;
    if ([...all].some((each) => each !== open && each.source)) socket.destroy();
  }

  #holdAnswer(request: FastifyRequest, payload: unknown): void {
    if (!this.#open.get(request) || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return;
    const sharer = this.#sharerOf(request);
    this.#unread.add(request, sharer, Buffer.byteLength(payload));
    if (!this.#unread.isTooMuch(sharer)) return;
    for (let next = this.#unread.nextToGo(); next && next !== request; next = this.#unread.nextToGo()) {
      this.#unread.release(next);
      next.raw.socket.destroy();
    }
  }

  #sweep(): void {
    for (const { request, reply, connection, place } of this.#open.all()) {
      const ms = reply.elapsedTime;
      if (reply.raw.headersSent) {
        if (ms >= this.#limits.readMs) connection.socket.destroy();
        continue;
      }
      // Node itself gives up what has not arrived, and two answers to one request must not follow each other.
      if (ms < this.#limits.answerMs || !request.raw.complete) continue;
      place?.stopWaiting();
      this.#refuse(request, reply, 'TIMEOUT');
    }
    this.#queue.leaveLost(this.#limits.lostMs);
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, code: 'OVERLOADED' | 'TIMEOUT'): void {
    this.#events.refused(code);
    refuse503(request, reply, code);
  }
}
