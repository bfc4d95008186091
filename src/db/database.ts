import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { retryConflicts } from './conflict-retry.js';
import { type Connections, connectionsTo, PATIENCE_MS } from './connections.js';
import { DatabaseError, toDatabaseError } from './errors.js';
import { Lanes } from './lanes.js';
import { namingClient } from './naming-client.js';
import { OwnedQueries } from './owned-queries.js';
import { halfOf, Pooled, type PoolNumbers } from './pooled.js';
import type { Queries } from './queries.js';
import { type Owner, Shares } from './shares.js';
import { isGrowing, type Sql, sql } from './sql.js';
import { StatementNames } from './statement-names.js';
import { runTransaction } from './transaction.js';

export interface DatabaseOptions {
  /** postgresql:// URL of a login that may take the role `vault_runtime`. */
  readonly url: string;
  /** That of the tables; left out: the first one of the login's search path. */
  readonly schema?: string | undefined;
  /** Connections for what changes something. */
  readonly poolSize: number;
  /** Connections over which look-ups are pipelined, and as many again for additions. */
  readonly lanes: number;
  /** Connections for counts and searches; 3 when it is left out. */
  readonly scans?: number;
}

// The operations of a whole dashboard are about 60 statements.
const NAMES = { limit: 300, each: 100, candidates: 1_000 };
const SCANS = 3;
/** How many statements a lane takes: enough that PostgreSQL never waits for the next one. */
const DEPTH = 8;
/** How many of one owner may wait: no more than there may be requests at once. */
const WAITING = 1_000;

/**
 * The vault's PostgreSQL, in the role `vault_runtime`, which can only read and write rows.
 *
 * Statements of the data path are written with Prisma's `sql` template and go straight to `pg`: look-ups and
 * additions pipelined over connections of their own, counts and searches over a pool, changes over another that
 * Prisma has too. Prisma's `$queryRaw` would take a third of the throughput of a look-up and a fifth of a creation's
 * (docs/decisions). Cold paths use Prisma's model API.
 *
 * Of each way one owner, which is a merchant, gets half at most (`for`). What the server does for itself, to tell who
 * asks above all, has a lane of its own, on which nobody's statements come.
 */
export class Database implements Queries {
  readonly prisma: PrismaClient;
  /** What has happened since the start; for the metrics. */
  readonly activity = { statements: 0, conflictRetries: 0 };
  readonly #writes: Pooled;
  readonly #scans: Pooled;
  readonly #own: Lanes;
  readonly #reads: Lanes;
  readonly #appends: Lanes;
  readonly #readShares: Shares;
  readonly #appendShares: Shares;
  readonly #names = new StatementNames(NAMES);

  constructor({ url, schema, poolSize, lanes, scans = SCANS }: DatabaseOptions) {
    const connections = connectionsTo(url, schema);
    const Client = namingClient(this.#names);
    this.#writes = new Pooled({ ...connections.usual, Client, max: poolSize }, WAITING, PATIENCE_MS);
    this.#scans = new Pooled({ ...connections.scanning, Client, max: scans }, WAITING, PATIENCE_MS);
    this.#own = lanesOver(connections, Client, 1);
    this.#reads = lanesOver(connections, Client, lanes);
    this.#appends = lanesOver(connections, Client, lanes);
    const places = lanes * DEPTH;
    const share = { places, each: halfOf(places), waiting: WAITING, patience: PATIENCE_MS };
    this.#readShares = new Shares(share);
    this.#appendShares = new Shares(share);
    this.prisma = new PrismaClient({
      adapter: new PrismaPg(this.#writes.pool, {
        ...(schema !== undefined && { schema }),
        // An empty name is what an unnamed statement has in the protocol.
        statementNameGenerator: (query) => this.#names.nameOf(query.sql, null) ?? '',
      }),
      errorFormat: 'minimal',
    });
  }

  /** The database as it serves one owner, with the owner's share of the connections. */
  for(owner: Owner): Queries {
    return new OwnedQueries(this, owner);
  }

  read<Row>(statement: Sql, owner: Owner = null): Promise<readonly Row[]> {
    const { text } = statement;
    if (isGrowing(text)) return this.#scan(statement, owner);
    return this.#answered<Row>(() =>
      owner === null
        ? this.#own.query(this.#prepared(statement, owner))
        : this.#readShares.run(owner, () => this.#reads.query(this.#prepared(statement, owner))),
    );
  }

  /** A look-up whose time grows with what a merchant stores; `read` sends the statements with `grows` here. */
  scan<Row>(statement: Sql, owner: Owner = null): Promise<readonly Row[]> {
    return this.#scan(statement, owner);
  }

  #scan<Row>(statement: Sql, owner: Owner): Promise<readonly Row[]> {
    return this.#answered<Row>(() => this.#scans.query(owner, () => this.#prepared(statement, owner)));
  }

  append<Row>(statement: Sql, owner: Owner = null): Promise<readonly Row[]> {
    const send = () =>
      this.#appendShares.run(owner, () => this.#appends.query<[Row]>(this.#prepared(statement, owner)));
    return retryConflicts(() => this.#answered<Row>(send), this.#countRetry);
  }

  write<Row>(statement: Sql, owner: Owner = null): Promise<readonly Row[]> {
    const send = () => this.#writes.query<[Row]>(owner, () => this.#prepared(statement, owner));
    return retryConflicts(() => this.#answered<Row>(send), this.#countRetry);
  }

  async #answered<Row>(send: () => Promise<[Row][]>): Promise<readonly Row[]> {
    this.activity.statements += 1;
    try {
      const rows = await send();
      return rows.map(([row]) => row);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  transaction<Value>(work: (transaction: Queries) => Promise<Value>, owner: Owner = null): Promise<Value> {
    const prepare = (statement: Sql) => {
      this.activity.statements += 1;
      return this.#prepared(statement, owner);
    };
    const attempt = () => runTransaction(this.#writes.pool, prepare, work);
    return retryConflicts(() => this.#writes.run(owner, attempt), this.#countRetry);
  }

  #prepared({ text, values }: Sql, owner: Owner): pg.QueryArrayConfig {
    const name = this.#names.nameOf(text, owner);
    return { text, values, rowMode: 'array', ...(name !== undefined && { name }) };
  }

  readonly #countRetry = () => {
    this.activity.conflictRetries += 1;
  };

  /** The connections for changes: how many are open, idle among them, and how many callers wait for one. */
  get pool(): PoolNumbers {
    return this.#writes.numbers;
  }

  /** The same of the connections for counts and searches. */
  get scans(): PoolNumbers {
    return this.#scans.numbers;
  }

  /** Prisma's model API, for what happens rarely; its errors become ours. */
  async cold<Value>(work: (prisma: PrismaClient) => Promise<Value>): Promise<Value> {
    try {
      return await work(this.prisma);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /**
   * Resolves when the database answers on every way that leads to it, and takes changes. Where all connections for
   * counts and searches are busy with them, that way is not asked: it is known to work.
   */
  async ping(): Promise<void> {
    const ask = sql`select current_setting('transaction_read_only') as row`;
    const asked = await Promise.all([
      this.read<string>(ask),
      this.#answered<string>(() => this.#reads.query(this.#prepared(ask, null))),
      this.#scans.isFull ? [] : this.scan<string>(ask),
      this.append<string>(ask),
      this.write<string>(ask),
    ]);
    if (asked.flat().includes('on')) throw new DatabaseError('unavailable', new Error('It is read-only.'));
  }

  async close(): Promise<void> {
    const lanes = [this.#own, this.#reads, this.#appends];
    await Promise.allSettled([...lanes.map((each) => each.close()), this.prisma.$disconnect()]);
    await Promise.all([this.#writes.pool.end(), this.#scans.pool.end()]);
  }
}

function lanesOver(connections: Connections, Client: typeof pg.Client, count: number): Lanes {
  const { pipelined: config, silence: patience } = connections;
  return new Lanes({ config, Client, count, patience });
}
