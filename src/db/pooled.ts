import pg from 'pg';
import { isReported } from './errors.js';
import { type Owner, Shares } from './shares.js';

/** Numbers of a pool, for the metrics. */
export interface PoolNumbers {
  readonly open: number;
  readonly idle: number;
  /** How many wait for a connection, or for their share. */
  readonly waiting: number;
}

/** Connections of which each serves one caller at a time, and each owner has a part at most. */
export class Pooled {
  readonly pool: pg.Pool;
  readonly #shares: Shares;

  constructor(config: pg.PoolConfig & { readonly max: number }, waiting: number, patience: number) {
    this.pool = new pg.Pool(config);
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    this.pool.on('error', () => {});
    const { max } = config;
    this.#shares = new Shares({ places: max, each: halfOf(max), waiting, patience });
  }

  /** Sends one statement, which is told from the moment at which it has a connection. */
  query<Row>(owner: Owner, statement: () => pg.QueryConfig): Promise<Row[]> {
    return this.run(owner, async () => {
      const client = await this.pool.connect();
      client.on('error', ignore);
      let broken: Error | undefined;
      try {
        return (await client.query(statement())).rows as Row[];
      } catch (error) {
        // What PostgreSQL itself reports leaves the connection in order.
        if (!isReported(error)) broken = error as Error;
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(broken);
      }
    });
  }

  /** Does something that takes one connection, once the owner may have it. */
  run<Value>(owner: Owner, act: () => Promise<Value>): Promise<Value> {
    return this.#shares.run(owner, act);
  }

  /** Whether all connections are taken. */
  get isFull(): boolean {
    return this.#shares.isFull;
  }

  get numbers(): PoolNumbers {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount + this.#shares.waiting };
  }
}

/** A connection that breaks says so by an event as well, which ends the process if nobody listens. */
const ignore = () => {};

/** The part of so many that one owner may have, so that another finds one free. */
export function halfOf(places: number): number {
  return Math.max(1, Math.floor(places / 2));
}
