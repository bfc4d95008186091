import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { retryConflicts } from './conflict-retry.js';
import { connectionsTo, PATIENCE_MS } from './connections.js';
import { DatabaseError, toDatabaseError } from './errors.js';
import { FailedStatement, Pool } from './pool.js';
import { OwnedQueries, type Queries, type Transaction } from './queries.js';
import { type Owner, Shares } from './shares.js';
import { type Sql, type Statement, sql } from './sql.js';
import { StatementNames } from './statement-names.js';
import { runTransaction } from './transaction.js';
import { typesOfPrisma, valuesOf } from './types-of-prisma.js';
import { isWithoutPrisma, WAYS, type Way, wayIn, wayOfRead, wayOfWrite, withWay } from './ways.js';

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

/** Numbers of a pool, for the metrics. */
export interface PoolNumbers {
  readonly open: number;
  readonly idle: number;
  /** How many wait for a connection, or for their share. */
  readonly waiting: number;
}

// The operations of a whole dashboard are about 60 statements.
const NAMES = { limit: 300, each: 100, candidates: 1_000 };
const SCANS = 3;
/** How many statements a pipelined connection takes: enough that PostgreSQL never waits for the next one. */
const DEPTH = 8;
/** How many of one owner may wait: no more than there may be requests at once. */
const WAITING = 1_000;

/**
 * The vault's PostgreSQL, in the role `vault_runtime`, which can only read and write rows.
 *
 * Statements are written with Prisma's `sql` template and sent by the Prisma client over one pool, which pipelines what
 * may be pipelined; a few hot ones go to the same pool without Prisma (`ways.ts`). Nobody above can tell: rows, values
 * and errors are the same.
 *
 * Of each way one owner, which is a merchant, gets half at most (`for`). What the server does for itself, to tell who
 * asks above all, has a connection of its own, on which nobody else's statements come.
 */
export class Database implements Queries {
  /** What has happened since the start; for the metrics. */
  readonly activity = { statements: 0, conflictRetries: 0 };
  readonly prisma: PrismaClient;
  readonly #pool: Pool;
  readonly #shares: Readonly<Record<Exclude<Way, 'own'>, Shares>>;
  readonly #names = new StatementNames(NAMES);

  constructor({ url, schema, poolSize, lanes, scans = SCANS }: DatabaseOptions) {
    this.#pool = new Pool(connectionsTo(url, schema), { poolSize, lanes, scans }, this.#names);
    this.#shares = {
      read: sharesOf(lanes * DEPTH),
      append: sharesOf(lanes * DEPTH),
      scan: sharesOf(scans),
      write: sharesOf(poolSize),
    };
    this.prisma = new PrismaClient({
      adapter: new PrismaPg(this.#pool, {
        ...(schema !== undefined && { schema }),
        // An empty name is what an unnamed statement has in the protocol.
        statementNameGenerator: ({ sql: text }) =>
          (wayIn(text) ? this.#names.peek(text) : this.#names.nameOf(text, null)) ?? '',
      }),
      errorFormat: 'minimal',
    });
  }

  /** The database as it serves one owner, with the owner's share of the connections. */
  for(owner: Owner): Queries {
    return new OwnedQueries(this, owner);
  }

  read<Row>({ text, values }: Sql, owner: Owner = null): Promise<readonly Row[]> {
    return this.send(wayOfRead(text, owner === null), { text, values }, owner);
  }

  write<Row>({ text, values }: Sql, owner: Owner = null): Promise<readonly Row[]> {
    const way = wayOfWrite(text);
    return retryConflicts(() => this.send<Row>(way, { text, values }, owner), this.#countRetry);
  }

  /** Sends one statement, once, on a way that is told. */
  async send<Row>(way: Way, statement: Statement, owner: Owner = null): Promise<readonly Row[]> {
    this.activity.statements += 1;
    const ask = () => this.#ask<Row>(way, statement, owner);
    try {
      return await (way === 'own' ? ask() : this.#shares[way].run(owner, ask));
    } catch (error) {
      throw toDatabaseError(error instanceof FailedStatement ? error.cause : error);
    }
  }

  async #ask<Row>(way: Way, statement: Statement, owner: Owner): Promise<readonly Row[]> {
    const { text, values } = statement;
    if (isWithoutPrisma(text))
      return (await this.#pool.sendOn(way, this.#prepared(statement, owner))).rows as Row[];
    const marked = withWay(text, way);
    this.#names.nameOf(marked, owner);
    // Prisma asks a statement for these; its own class would put the text together anew at each of them.
    return this.prisma.$queryRaw<Row[]>({
      text: marked,
      sql: marked,
      values: valuesOf(values),
    } as unknown as Sql);
  }

  transaction<Value>(
    work: (transaction: Transaction) => Promise<Value>,
    owner: Owner = null,
  ): Promise<Value> {
    const prepare = (statement: Sql) => {
      this.activity.statements += 1;
      return this.#prepared(statement, owner);
    };
    const attempt = () => runTransaction(this.#pool, prepare, work);
    return retryConflicts(() => this.#shares.write.run(owner, attempt), this.#countRetry);
  }

  #prepared({ text, values }: Statement, owner: Owner): pg.QueryConfig {
    const name = this.#names.nameOf(text, owner);
    return { text, values: valuesOf(values), types: typesOfPrisma, ...(name !== undefined && { name }) };
  }

  readonly #countRetry = () => {
    this.activity.conflictRetries += 1;
  };

  /** The connections for changes. */
  get pool(): PoolNumbers {
    return numbersOf(this.#pool, this.#shares.write);
  }

  /** Those for counts and searches. */
  get scans(): PoolNumbers {
    return numbersOf(this.#pool.scans, this.#shares.scan);
  }

  /** Prisma's model API, for what needs no SQL of ours; its errors become ours. */
  async models<Value>(work: (prisma: PrismaClient) => Promise<Value>): Promise<Value> {
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
    const asked = WAYS.filter((way) => way !== 'scan' || !this.#shares.scan.isFull);
    const answers = await Promise.all(asked.map((way) => this.send<{ read_only: string }>(way, isReadOnly)));
    if (answers.flat().every(({ read_only }) => read_only === 'off')) return;
    this.#pool.renew();
    throw new DatabaseError('unavailable', new Error('It is read-only.'));
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect().finally(() => this.#pool.close());
  }
}

// A server that has become a standby says "on", too.
const isReadOnly = sql`select current_setting('transaction_read_only') as read_only`;

/** Half of the places for one owner, so that another finds one free. */
function sharesOf(places: number): Shares {
  const each = Math.max(1, Math.floor(places / 2));
  return new Shares({ places, each, waiting: WAITING, patience: PATIENCE_MS });
}

function numbersOf({ totalCount, idleCount, waitingCount }: pg.Pool, { waiting }: Shares): PoolNumbers {
  return { open: totalCount, idle: idleCount, waiting: waitingCount + waiting };
}
