import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';
import { retryConflicts } from './conflict-retry.js';
import { toDatabaseError } from './errors.js';
import { Lanes } from './lanes.js';
import type { Queries } from './queries.js';
import { type Sql, sql } from './sql.js';
import { StatementNames } from './statement-names.js';
import { runTransaction } from './transaction.js';

export interface DatabaseOptions {
  /** postgresql:// URL of a login that may take the role `vault_runtime`. */
  readonly url: string;
  /** Connections for what changes something. */
  readonly poolSize: number;
  /** Connections over which reads are pipelined, and as many again for additions. */
  readonly lanes: number;
}

// How many distinct statements may stay prepared on a connection; the operations of a whole dashboard are about 60.
const PREPARED_STATEMENTS = 500;

const TIME_LIMITS = {
  query_timeout: 4_000,
  connectionTimeoutMillis: 2_000,
};

const SESSION = [
  '-c role=vault_runtime',
  '-c statement_timeout=4000',
  '-c lock_timeout=2000',
  '-c idle_in_transaction_session_timeout=10000',
  // Prisma sends instants without a zone, and packed rows bring them as text.
  '-c timezone=UTC',
  '-c datestyle=ISO',
].join(' ');

/**
 * The vault's PostgreSQL, in the role `vault_runtime`, which can only read and write rows.
 *
 * Statements of the data path are written with Prisma's `sql` template and go straight to `pg`: look-ups and
 * additions pipelined over connections of their own, changes over the pool that Prisma has too. Prisma's `$queryRaw`
 * would take a third of the throughput of a look-up and a fifth of a creation's (docs/decisions). Cold paths use
 * Prisma's model API.
 */
export class Database implements Queries {
  readonly prisma: PrismaClient;
  /** What has happened since the start; for the metrics. */
  readonly activity = { statements: 0, conflictRetries: 0 };
  readonly #pool: pg.Pool;
  readonly #reads: Lanes;
  readonly #appends: Lanes;
  readonly #names = new StatementNames(PREPARED_STATEMENTS);

  constructor({ url, poolSize, lanes }: DatabaseOptions) {
    const connection = {
      connectionString: url,
      options: SESSION,
      application_name: 'customer-vault',
      ...TIME_LIMITS,
    };
    this.#pool = new pg.Pool({ ...connection, max: poolSize });
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    this.#pool.on('error', () => {});
    this.#reads = new Lanes(connection, lanes);
    this.#appends = new Lanes(connection, lanes);
    this.prisma = new PrismaClient({
      adapter: new PrismaPg(this.#pool, {
        // An empty name is what an unnamed statement has in the protocol.
        statementNameGenerator: (query) => this.#names.nameOf(query.sql) ?? '',
      }),
      errorFormat: 'minimal',
    });
  }

  read<Row>(statement: Sql): Promise<readonly Row[]> {
    return this.#pipelined(this.#reads, statement);
  }

  append<Row>(statement: Sql): Promise<readonly Row[]> {
    return retryConflicts(() => this.#pipelined<Row>(this.#appends, statement), this.#countRetry);
  }

  async #pipelined<Row>(lanes: Lanes, statement: Sql): Promise<readonly Row[]> {
    this.activity.statements += 1;
    try {
      const rows = await lanes.query<[Row]>(this.#prepared(statement));
      return rows.map(([row]) => row);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  write<Row>(statement: Sql): Promise<readonly Row[]> {
    return retryConflicts(() => this.#write<Row>(statement), this.#countRetry);
  }

  async #write<Row>(statement: Sql): Promise<readonly Row[]> {
    this.activity.statements += 1;
    try {
      const { rows } = await this.#pool.query<[Row]>(this.#prepared(statement));
      return rows.map(([row]) => row);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  transaction<Value>(work: (transaction: Queries) => Promise<Value>): Promise<Value> {
    const prepare = (statement: Sql) => {
      this.activity.statements += 1;
      return this.#prepared(statement);
    };
    return retryConflicts(() => runTransaction(this.#pool, prepare, work), this.#countRetry);
  }

  #prepared({ text, values }: Sql): pg.QueryArrayConfig {
    const name = this.#names.nameOf(text);
    return { text, values, rowMode: 'array', ...(name !== undefined && { name }) };
  }

  readonly #countRetry = () => {
    this.activity.conflictRetries += 1;
  };

  /** The connections for changes: how many are open, idle among them, and how many callers wait for one. */
  get pool(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Prisma's model API, for what happens rarely; its errors become ours. */
  async cold<Value>(work: (prisma: PrismaClient) => Promise<Value>): Promise<Value> {
    try {
      return await work(this.prisma);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /** Resolves when the database answers on both ways that lead to it. */
  async ping(): Promise<void> {
    await Promise.all([this.read(sql`select 1 as row`), this.write(sql`select 1 as row`)]);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#reads.close(), this.#appends.close(), this.prisma.$disconnect()]);
    await this.#pool.end();
  }
}
