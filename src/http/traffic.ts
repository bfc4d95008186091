import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FairTurns, type Turn } from './fair-turns.js';
import { HeldBytes } from './held-bytes.js';
import { becomeJson, errorBody } from './refusals.js';
import type { TrafficLimits } from './traffic-limits.js';

/** A request that nobody waits for any longer: nginx's word for it. */
export const HUNG_UP = 499;
const SWEEP_MS = 1_000;

/** What is told of requests that end in here. */
export interface TrafficEvents {
  /** A request is refused or given up. */
  refused(code: 'OVERLOADED' | 'TIMEOUT'): void;
  /** A request has been answered, or its connection has ended before that (`HUNG_UP`). */
  ended(request: FastifyRequest, reply: FastifyReply, status: number): void;
}

/** A request that has arrived, its body perhaps not, and whose answer is not handed over. */
interface Open {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly socket: Socket;
  /** While it waits for its turn. */
  waiting: Turn | null;
  /** What its answer is read from: an open file, where it is an asset of a page. */
  source: Readable | null;
}

/**
 * What the server has taken on and not yet answered. It shares places and memory out among those who ask, answers
 * what has taken too long, cuts who does not read, and tells clients to leave once the server is going to stop.
 *
 * Fastify's own hooks see less: `onRequestAbort` is not run for a client that leaves after its body, or behind
 * another request on its connection, and `handlerTimeout` ends with the body. The end of the connection tells all.
 */
export class Traffic {
  readonly #open = new Map<FastifyRequest, Open>();
  readonly #bySocket = new WeakMap<Socket, Set<Open>>();
  /** How the server itself answered a connection that it could not read on. */
  readonly #refusedWith = new WeakMap<Socket, number>();
  readonly #turns: FairTurns;
  readonly #atWork = new Map<Turn, number>();
  readonly #bodies: HeldBytes<FastifyRequest>;
  readonly #unread: HeldBytes<FastifyRequest>;
  readonly #sharerOf: (request: FastifyRequest) => string;
  readonly #events: TrafficEvents;
  readonly #limits: TrafficLimits;
  #isDraining = false;
  /** Is told once when the server is going to stop. */
  onDraining: () => void = () => {};

  /** @param sharerOf a name of the merchant or partner that a request is from. */
  constructor(
    http: FastifyInstance,
    sharerOf: (request: FastifyRequest) => string,
    events: TrafficEvents,
    limits: TrafficLimits,
  ) {
    this.#sharerOf = sharerOf;
    this.#events = events;
    this.#limits = limits;
    this.#turns = new FairTurns(limits.turns);
    this.#bodies = new HeldBytes(limits.bodies);
    this.#unread = new HeldBytes(limits.unread);
    http.addHook('onRequest', (request, reply, done) => {
      // Without a word to Fastify nothing more is done.
      if (this.#enter(request, reply)) done();
    });
    http.addHook('onSend', (request, _reply, payload, done) => {
      if (payload instanceof Readable) this.#holdSource(request, payload);
      else this.#holdAnswer(request, payload);
      done();
    });
    http.addHook('onResponse', (request, reply, done) => {
      const open = this.#open.get(request);
      if (open) this.#end(open, isWritten(open) ? reply.statusCode : HUNG_UP);
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
    return this.#turns.waiting;
  }

  /** Bytes of answers that nobody has read. */
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
    for (const { reply } of this.#open.values()) if (!reply.sent) reply.header('connection', 'close');
  }

  /**
   * Does the work of a request when its turn comes, and gives its place back when the work is done: also where the
   * client has left, for the work goes on. Without a turn it answers itself, or nobody where nobody is there.
   */
  async run<Answer>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<Answer>,
  ): Promise<Answer | FastifyReply> {
    const turn = await this.#takeTurn(request, reply);
    if (turn === null) return reply;
    this.#atWork.set(turn, performance.now());
    try {
      return await work();
    } finally {
      this.#atWork.delete(turn);
      turn.leave();
    }
  }

  /** Counts bytes of a body that has arrived; false where there are too many at once. */
  holdBody(request: FastifyRequest, bytes: number): boolean {
    if (!this.#open.has(request)) return true;
    const sharer = this.#sharerOf(request);
    this.#bodies.add(request, sharer, bytes);
    return !this.#bodies.isTooMuch(sharer);
  }

  /** Notes with which status the server ends a connection that it cannot read on. */
  noteRefusal(socket: Socket, status: number): void {
    this.#refusedWith.set(socket, status);
  }

  /** False for what is not to be answered: the connection is cut. */
  #enter(request: FastifyRequest, reply: FastifyReply): boolean {
    const { socket } = request.raw;
    const siblings = this.#bySocket.get(socket);
    // Thousands fit into what is read at once, and nothing else would be done until the last one is looked at.
    if (siblings && siblings.size >= this.#limits.pipelined) socket.destroy();
    if (socket.destroyed) return false;
    // The client goes elsewhere with its next request, instead of sending it into a connection that is being closed.
    if (this.#isDraining) reply.header('connection', 'close');
    const open: Open = { request, reply, socket, waiting: null, source: null };
    this.#open.set(request, open);
    if (siblings) {
      siblings.add(open);
      return true;
    }
    const all = new Set<Open>([open]);
    this.#bySocket.set(socket, all);
    socket.once('close', () => {
      for (const each of all) {
        const status = isWritten(each) ? each.reply.statusCode : HUNG_UP;
        this.#end(each, this.#refusedWith.get(socket) ?? status);
      }
    });
    return true;
  }

  /** Every request ends here, once. */
  #end(open: Open, status: number): void {
    this.#open.delete(open.request);
    this.#bySocket.get(open.socket)?.delete(open);
    this.#bodies.release(open.request);
    this.#unread.release(open.request);
    open.waiting?.leave();
    // Node tells an answer behind another one on its connection nothing of the end of that.
    open.source?.destroy();
    this.#events.ended(open.request, open.reply, status);
  }

  async #takeTurn(request: FastifyRequest, reply: FastifyReply): Promise<Turn | null> {
    const open = this.#open.get(request);
    const turn = open ? this.#turns.enter(this.#sharerOf(request)) : null;
    if (open) open.waiting = turn;
    const begins = (await turn?.begins) ?? false;
    if (open) open.waiting = null;
    if (begins && this.#open.has(request) && !reply.sent) return turn;
    turn?.leave();
    // Nobody is there to be answered.
    if (!this.#open.has(request)) reply.hijack();
    else if (!reply.sent) this.#refuse(request, reply, 'OVERLOADED', 'Too much is going on. Try again.');
    return null;
  }

  /** One at a time on each connection: no browser asks for more, and each holds a file open until it is read. */
  #holdSource(request: FastifyRequest, source: Readable): void {
    const open = this.#open.get(request);
    const siblings = open && this.#bySocket.get(open.socket);
    if (open) open.source = source;
    else source.destroy();
    if (open && [...(siblings ?? [])].some((each) => each !== open && each.source)) open.socket.destroy();
  }

  #holdAnswer(request: FastifyRequest, payload: unknown): void {
    if (!this.#open.has(request) || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return;
    const sharer = this.#sharerOf(request);
    this.#unread.add(request, sharer, Buffer.byteLength(payload));
    if (!this.#unread.isTooMuch(sharer)) return;
    for (let next = this.#unread.nextToGo(); next && next !== request; next = this.#unread.nextToGo()) {
      this.#unread.release(next);
      next.raw.socket.destroy();
    }
  }

  #sweep(): void {
    for (const open of this.#open.values()) {
      const { request, reply } = open;
      const ms = reply.elapsedTime;
      if (reply.raw.headersSent) {
        if (ms >= this.#limits.readMs) open.socket.destroy();
        continue;
      }
      // Node itself gives up what has not arrived, and two answers to one request must not follow each other.
      if (ms < this.#limits.answerMs || !request.raw.complete) continue;
      open.waiting?.leave();
      this.#refuse(request, reply, 'TIMEOUT', 'It took too long. Try again.');
    }
    for (const [turn, begun] of this.#atWork) {
      if (performance.now() - begun < this.#limits.lostMs) return;
      this.#atWork.delete(turn);
      turn.leave();
    }
  }

  #refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    code: 'OVERLOADED' | 'TIMEOUT',
    message: string,
  ): void {
    this.#events.refused(code);
    becomeJson(reply);
    reply
      .code(503)
      .header('retry-after', '1')
      .send(errorBody(code, message, request.id));
  }
}

/**
 * Whether the answer has been handed over to the last byte. Node calls one finished, too, when its connection is cut,
 * and closes the connection itself behind one that asks for it.
 */
function isWritten({ reply: { raw }, socket }: Open): boolean {
  return raw.writableFinished && (!socket.destroyed || socket.writableFinished);
}
