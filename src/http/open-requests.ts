import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Place } from './request-queue.js';

/** The client closed the connection before it had the answer: nginx's status for it. */
const CLIENT_CLOSED = 499;

/** A request that has arrived, its body perhaps not, and whose answer is not handed over. */
export interface OpenRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly connection: Connection;
  /** In the queue of those that are executed. */
  place: Place | null;
  /** What its answer is read from: an open file, where it is an asset of a page. */
  source: Readable | null;
}

interface Connection {
  readonly socket: Socket;
  readonly open: Set<OpenRequest>;
  /** How the server itself answered what it could not read on this connection. */
  refusedWith: number | null;
}

/**
 * The requests that the server has accepted and not yet answered.
 *
 * Fastify's own means see less (tried with 5.12.8): `handlerTimeout` ends once the body of a POST has been read, and
 * `onRequestAbort` is not run for a client that leaves after its body, or behind another request on its connection.
 */
export class OpenRequests {
  readonly #open = new Map<FastifyRequest, OpenRequest>();
  readonly #connections = new WeakMap<Socket, Connection>();
  readonly #pipelined: number;
  readonly #ended: (open: OpenRequest, status: number) => void;

  /**
   * @param pipelined requests that one connection may have at once.
   * @param ended is called once for each request, with the status of its answer.
   */
  constructor(pipelined: number, ended: (open: OpenRequest, status: number) => void) {
    this.#pipelined = pipelined;
    this.#ended = ended;
  }

  get size(): number {
    return this.#open.size;
  }

  get(request: FastifyRequest): OpenRequest | undefined {
    return this.#open.get(request);
  }

  /** In the order of arrival. */
  all(): Iterable<OpenRequest> {
    return this.#open.values();
  }

  /** False for what is not to be answered: the connection is closed. */
  add(request: FastifyRequest, reply: FastifyReply): boolean {
    const { socket } = request.raw;
    const connection = this.#connections.get(socket) ?? this.#connect(socket);
    // Thousands fit into what is read at once, and nothing else would be done until the last one is looked at.
    if (connection.open.size >= this.#pipelined) socket.destroy();
    if (socket.destroyed) return false;
    const open = { request, reply, connection, place: null, source: null };
    this.#open.set(request, open);
    connection.open.add(open);
    return true;
  }

  /** A request has been answered. */
  answered(request: FastifyRequest): void {
    const open = this.#open.get(request);
    if (open) this.#end(open, null);
  }

  /** Notes with which status the server ends a connection that it cannot read on. */
  noteRefusal(socket: Socket, status: number): void {
    const connection = this.#connections.get(socket);
    if (connection) connection.refusedWith = status;
  }

  #connect(socket: Socket): Connection {
    const connection: Connection = { socket, open: new Set(), refusedWith: null };
    this.#connections.set(socket, connection);
    socket.once('close', () => {
      for (const open of connection.open) this.#end(open, connection.refusedWith);
    });
    return connection;
  }

  #end(open: OpenRequest, refusedWith: number | null): void {
    this.#open.delete(open.request);
    open.connection.open.delete(open);
    const status = isWritten(open) ? open.reply.statusCode : CLIENT_CLOSED;
    this.#ended(open, refusedWith ?? status);
  }
}

/**
 * Whether the answer has been handed over to the last byte. Node calls one finished, too, when its connection is cut,
 * and closes the connection itself behind one that asks for it.
 */
function isWritten({ reply: { raw }, connection: { socket } }: OpenRequest): boolean {
  return raw.writableFinished && (!socket.destroyed || socket.writableFinished);
}
