import pg from 'pg';

/** One connection that many reads share. */
interface Lane {
  readonly client: pg.Client;
  readonly ready: Promise<unknown>;
  inFlight: number;
}

/**
 * A few connections over which reads are pipelined: the next is sent before the last is answered. It saves a
 * wait for the network a read (docs/decisions/0003).
 *
 * Only statements that wait for no lock may come here, since one that waits holds up all that is behind it.
 */
export class ReadLanes {
  readonly #config: pg.ClientConfig;
  readonly #lanes: (Lane | undefined)[];

  constructor(config: pg.ClientConfig, count: number) {
    this.#config = { ...config, pipeline: true };
    this.#lanes = new Array(count).fill(undefined);
  }

  /** Sends a statement over the lane with the least on it, opening lanes as they are needed. */
  async query<Row extends unknown[]>(statement: pg.QueryArrayConfig): Promise<Row[]> {
    const lane = this.#leastBusy();
    lane.inFlight += 1;
    try {
      await lane.ready;
      return (await lane.client.query<Row>(statement)).rows;
    } finally {
      lane.inFlight -= 1;
    }
  }

  /** Ends every lane once its reads are answered. */
  async close(): Promise<void> {
    const lanes = this.#lanes.splice(0);
    await Promise.allSettled(lanes.map((lane) => lane?.client.end()));
  }

  #leastBusy(): Lane {
    let best = 0;
    for (let index = 0; index < this.#lanes.length; index += 1) {
      const lane = this.#lanes[index];
      if (lane === undefined) return this.#open(index);
      if (lane.inFlight < (this.#lanes[best]?.inFlight ?? 0)) best = index;
    }
    return this.#lanes[best] ?? this.#open(best);
  }

  #open(index: number): Lane {
    const client = new pg.Client(this.#config);
    const lane: Lane = { client, ready: client.connect(), inFlight: 0 };
    const drop = () => {
      // The place is given to a new connection by the next read; reads on this one have been rejected by pg.
      if (this.#lanes[index] === lane) this.#lanes[index] = undefined;
    };
    client.on('error', drop);
    client.on('end', drop);
    lane.ready.catch(drop);
    this.#lanes[index] = lane;
    return lane;
  }
}
