import pg from 'pg';
import type { Connections } from './connections.js';
import { hasState, isReported } from './errors.js';
import { Lanes } from './lanes.js';
import { namingClient, type StatementNames } from './statement-names.js';
import { type Way, wayIn } from './ways.js';

export interface PoolSizes {
  /** Connections for what changes something. */
  readonly poolSize: number;
  /** Connections over which look-ups are pipelined, and as many again for additions. */
  readonly lanes: number;
  /** Connections for counts and searches. */
  readonly scans: number;
}

/** What PostgreSQL reported of a statement of ours, on its way through Prisma, which hands on what it does not know. */
export class Reported extends Error {}

// The pool has connections to a server that has become a standby; the next ones lead to the new primary.
const READ_ONLY = ['25006'];
// In a pipeline the first use of a name failed, and this one came behind it; or two have prepared it at once.
const NOT_PREPARED = ['26000', '42P05'];
const RENEWAL_MS = 1_000;

/** Connections of which each serves one caller at a time. */
class ExclusiveConnections extends pg.Pool {
  #renewals = 0;
  readonly #madeAt = new WeakMap<pg.PoolClient, number>();

  constructor(config: pg.PoolConfig) {
    super(config);
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    this.on('error', ignore);
    this.on('connect', (client) => this.#madeAt.set(client, this.#renewals));
  }

  /** Closes each connection instead of using it again. */
  renew(): void {
    this.#renewals += 1;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...args: never[]) => void): void;
  override async connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await super.connect();
      if (this.#madeAt.get(client) === this.#renewals) return client;
      client.release(true);
    }
  }

  async send(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const client = await this.connect();
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      return await client.query(statement);
    } catch (error) {
      // What PostgreSQL itself reports leaves the connection in order.
      if (!isReported(error)) broken = error as Error;
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }
}

/**
 * All connections of the server. It is a pool for changes, which is also what Prisma takes for transactions and its
 * models, with others beside it; where a statement goes is told by its way.
 */
export class Pool extends ExclusiveConnections {
  readonly scans: ExclusiveConnections;
  readonly #lanes: Readonly<Record<'own' | 'read' | 'append', Lanes>>;
  #renewedAt = 0;

  constructor(connections: Connections, sizes: PoolSizes, names: StatementNames) {
    const Client = namingClient(names);
    super({ ...connections.usual, Client, max: sizes.poolSize });
    this.scans = new ExclusiveConnections({ ...connections.scanning, Client, max: sizes.scans });
    const { pipelined: config, silence: patience } = connections;
    const lanes = (count: number) => new Lanes({ config, Client, count, patience });
    this.#lanes = { own: lanes(1), read: lanes(sizes.lanes), append: lanes(sizes.lanes) };
  }

  /** Sends one statement. */
  async sendOn(way: Way, statement: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.#connectionsOf(way).send(statement);
    } catch (error) {
      if (hasState(error, READ_ONLY)) this.renew();
      if (!hasState(error, NOT_PREPARED) || !statement.name) throw error;
      const { name: _, ...unnamed } = statement;
      return this.#connectionsOf(way).send(unnamed);
    }
  }

  #connectionsOf(way: Way): { send(statement: pg.QueryConfig): Promise<pg.QueryResult> } {
    if (way === 'write') return { send: (statement) => this.send(statement) };
    return way === 'scan' ? this.scans : this.#lanes[way];
  }

  /** What Prisma sends. Errors of our own statements come back to us as PostgreSQL reported them. */
  // biome-ignore lint/suspicious/noExplicitAny: pg's own has many forms, and Prisma uses this one.
  override query(statement: any): any {
    const way = wayIn(statement.text);
    if (way === undefined) return this.sendOn('write', statement);
    return this.sendOn(way, statement).catch((cause: unknown) => {
      throw new Reported('A statement failed.', { cause });
    });
  }

  /** Closes all connections as they come free, once a second at most. */
  override renew(): void {
    if (Date.now() - this.#renewedAt < RENEWAL_MS) return;
    this.#renewedAt = Date.now();
    super.renew();
    this.scans.renew();
    for (const lanes of Object.values(this.#lanes)) lanes.renew();
  }

  /** Ends the pipelined connections once their statements are answered, then all others. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#lanes).map((lanes) => lanes.close()));
    await Promise.all([this.end(), this.scans.end()]);
  }
}

/** A connection that breaks says so by an event as well, which ends the process if nobody listens. */
const ignore = () => {};
