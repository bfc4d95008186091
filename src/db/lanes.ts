import { Socket } from 'node:net';
import type pg from 'pg';
import { DatabaseError, isReported } from './errors.js';

export interface LanesOptions {
  readonly config: pg.ClientConfig;
  readonly Client: typeof pg.Client;
  readonly count: number;
  /** For how long a lane may be silent while it owes an answer, in milliseconds. */
  readonly patience: number;
}

/** One connection that many statements share. */
interface Lane {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly ready: Promise<unknown>;
  isReady: boolean;
  inFlight: number;
  /** How many statements it has answered. */
  answered: number;
  /** Ends the lane's silence; undefined while it owes nothing. */
  watch: NodeJS.Timeout | undefined;
  isSilent: boolean;
  /** Whether it is closed as soon as it owes nothing. */
  isRetired: boolean;
}

/**
 * A few connections over which statements are pipelined: the next is sent before the last is answered. It saves a
 * wait for the network a statement, and PostgreSQL the sleep in between (docs/decisions/0003).
 *
 * Only statements that wait for nobody's lock may come here, and whose time is bounded, since one that waits holds up
 * all that is behind it. A statement that takes too long after all is ended by PostgreSQL, and the lane goes on. It
 * is given up only when nothing at all comes over it, that is when PostgreSQL itself hangs.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes: (Lane | undefined)[];

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#lanes = new Array(options.count).fill(undefined);
  }

  /**
   * Sends a statement over the lane with the least on it, opening lanes as they are needed. When a connection cannot
   * be made, the statement goes to one that there is.
   */
  async send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const lane = this.#leastBusy();
    lane.inFlight += 1;
    try {
      await lane.ready;
    } catch (error) {
      lane.inFlight -= 1;
      const other = this.#lanes.find((known) => known?.isReady);
      if (!other) throw error;
      other.inFlight += 1;
      return this.#send(other, statement);
    }
    return this.#send(lane, statement);
  }

  async #send(lane: Lane, statement: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      gatherWrites(lane.socket);
      lane.watch ??= this.#watch(lane);
      return await lane.client.query(statement);
    } catch (error) {
      // What PostgreSQL itself reports leaves the lane in order. After anything else pg gives the connection up, and
      // says so only later: nothing more may be put on it.
      if (!isReported(error)) this.#forget(lane);
      throw lane.isSilent ? new DatabaseError('timeout', error) : error;
    } finally {
      this.#count(lane);
    }
  }

  /** The clock starts anew with every answer: what is behind a slow statement has not lost its own time. */
  #count(lane: Lane): void {
    lane.answered += 1;
    lane.inFlight -= 1;
    if (lane.inFlight > 0 && lane.watch) {
      lane.watch.refresh();
      return;
    }
    clearTimeout(lane.watch);
    lane.watch = undefined;
    if (lane.isRetired) lane.client.end().catch(() => {});
  }

  #watch(lane: Lane): NodeJS.Timeout {
    return setTimeout(() => {
      const { answered } = lane;
      // Where this process itself was held up, the answers have come and are read first.
      setImmediate(() => {
        if (lane.answered !== answered) return;
        lane.isSilent = true;
        this.#forget(lane);
        lane.socket.destroy();
      });
    }, this.#options.patience);
  }

  /** Puts nothing more on the connections that there are, and closes each once it owes no answer. */
  renew(): void {
    for (const [index, lane] of this.#lanes.entries()) {
      if (!lane) continue;
      this.#lanes[index] = undefined;
      lane.isRetired = true;
      if (lane.inFlight === 0) lane.client.end().catch(() => {});
    }
  }

  /** Ends every lane once its statements are answered. */
  async close(): Promise<void> {
    const lanes = this.#lanes.splice(0);
    await Promise.allSettled(lanes.map((lane) => lane?.client.end()));
  }

  /** An idle lane, else a new one, else the one with the least on it. */
  #leastBusy(): Lane {
    let best: Lane | undefined;
    for (const lane of this.#lanes) {
      if (lane && (!best || lane.inFlight < best.inFlight)) best = lane;
    }
    const closed = this.#lanes.indexOf(undefined);
    return best && (best.inFlight === 0 || closed < 0) ? best : this.#open(closed);
  }

  #open(index: number): Lane {
    const socket = new Socket();
    const { Client, config } = this.#options;
    const client = new Client({ ...config, pipeline: true, stream: () => socket });
    const lane: Lane = {
      client,
      socket,
      ready: client.connect(),
      isReady: false,
      inFlight: 0,
      answered: 0,
      watch: undefined,
      isSilent: false,
      isRetired: false,
    };
    const forget = () => this.#forget(lane);
    client.on('error', forget);
    client.on('end', forget);
    lane.ready.then(() => {
      lane.isReady = true;
    }, forget);
    this.#lanes[index] = lane;
    return lane;
  }

  /** Its place is given to a new connection when it is needed; what was on this one is rejected by pg. */
  #forget(lane: Lane): void {
    const index = this.#lanes.indexOf(lane);
    if (index < 0) return;
    this.#lanes[index] = undefined;
    lane.client.end().catch(() => {});
  }
}

/** Sends what is written from here to the end of this turn of the event loop at once: one system call for all. */
function gatherWrites(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
