import { Socket } from 'node:net';
import pg from 'pg';

/** One connection that many statements share. */
interface Lane {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly ready: Promise<unknown>;
  isReady: boolean;
  inFlight: number;
}

/**
 * A few connections over which statements are pipelined: the next is sent before the last is answered. It saves a
 * wait for the network a statement, and PostgreSQL the sleep in between (docs/decisions/0003).
 *
 * Only statements that wait for nobody's lock may come here, since one that waits holds up all that is behind it.
 */
export class Lanes {
  readonly #config: pg.ClientConfig;
  readonly #lanes: (Lane | undefined)[];

  constructor(config: pg.ClientConfig, count: number) {
    this.#config = { ...config, pipeline: true };
    this.#lanes = new Array(count).fill(undefined);
  }

  /**
   * Sends a statement over the lane with the least on it, opening lanes as they are needed. When a connection cannot
   * be made, the statement goes to one that there is.
   */
  async query<Row extends unknown[]>(statement: pg.QueryArrayConfig): Promise<Row[]> {
    const lane = this.#leastBusy();
    lane.inFlight += 1;
    try {
      await lane.ready;
    } catch (error) {
      const other = this.#lanes.find((known) => known?.isReady);
      if (!other) throw error;
      other.inFlight += 1;
      return this.#send(other, statement);
    }
    return this.#send(lane, statement);
  }

  async #send<Row extends unknown[]>(lane: Lane, statement: pg.QueryArrayConfig): Promise<Row[]> {
    try {
      gatherWrites(lane.socket);
      return (await lane.client.query<Row>(statement)).rows;
    } catch (error) {
      // What PostgreSQL itself reports leaves the lane in order. After anything else, its own time limit included, pg
      // gives the connection up, and says so only later: nothing more may be put on it.
      if (!(error as { severity?: unknown }).severity) this.#forget(lane);
      throw error;
    } finally {
      lane.inFlight -= 1;
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
    const client = new pg.Client({ ...this.#config, stream: () => socket });
    const lane: Lane = { client, socket, ready: client.connect(), isReady: false, inFlight: 0 };
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
