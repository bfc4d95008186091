import type { Duplex } from 'node:stream';
import type pg from 'pg';
import { DatabaseError, isReported, toDatabaseError, UniqueViolation } from './errors.js';
import type { Transaction } from './queries.js';
import type { Sql } from './sql.js';

/** How a statement is sent: its name, where it has one, and how its rows are read. */
export type Prepare = (statement: Sql) => pg.QueryConfig;

/**
 * Runs `work` in a transaction on a connection of its own: it commits when `work` resolves and rolls back when it
 * throws. A statement that fails leaves the transaction usable, so that whoever expects a violation can go on.
 *
 * Not Prisma's: its interactive transaction takes 2.2 ms of this process's time (docs/performance.md), and a round trip
 * for each of its steps.
 *
 * @throws DatabaseError, UniqueViolation, or what `work` throws.
 */
export async function runTransaction<Value>(
  pool: pg.Pool,
  prepare: Prepare,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  const connection = await pool.connect().catch(throwOurs);
  // A connection that breaks between two statements says so by an event, which ends the process if nobody listens.
  const ignore = () => {};
  connection.on('error', ignore);
  const transaction = new RunningTransaction(connection, prepare);
  try {
    const value = await work(transaction);
    await transaction.commit();
    return value;
  } catch (error) {
    await transaction.rollBack();
    throw error;
  } finally {
    connection.off('error', ignore);
    // Destroyed, not returned: what was sent on it may still be running, and a ROLLBACK would wait behind it.
    connection.release(transaction.isLost);
  }
}

/** What a failed statement takes the transaction back to: `begin` and the savepoint go along with the next statement. */
const BEGIN = 'begin; savepoint attempt';
const KEEP = 'release savepoint attempt; savepoint attempt';

class RunningTransaction implements Transaction {
  readonly #connection: pg.PoolClient;
  readonly #prepare: Prepare;
  readonly #beforeCommit: Sql[] = [];
  /** The last thing that was sent; a connection takes one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  /** What has to be sent before the next statement. */
  #opening: string | null = BEGIN;
  /** Whether the connection is in a state that nobody knows. */
  isLost = false;

  constructor(connection: pg.PoolClient, prepare: Prepare) {
    this.#connection = connection;
    this.#prepare = prepare;
  }

  async read<Row>(statement: Sql): Promise<readonly Row[]> {
    return (await this.#inTurn(() => this.#attempt([statement])))[0] as Row[];
  }

  readAll(statements: readonly Sql[]): Promise<readonly (readonly unknown[])[]> {
    return this.#inTurn(() => this.#attempt(statements));
  }

  async write<Row>(statement: Sql): Promise<readonly Row[]> {
    const attempt = async () => {
      const rows = await this.#attempt([statement]);
      this.#opening = KEEP;
      return rows;
    };
    return (await this.#inTurn(attempt))[0] as Row[];
  }

  beforeCommit(statement: Sql): void {
    this.#beforeCommit.push(statement);
  }

  /** The same transaction: what is inside commits with it. */
  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return work(this);
  }

  async commit(): Promise<void> {
    await this.#last;
    if (this.#opening === BEGIN && this.#beforeCommit.length === 0) return;
    // What fails from here on takes all back.
    if (this.#opening === KEEP) this.#opening = null;
    const results = await this.#send([...this.#beforeCommit, 'commit']).catch((error: unknown) => {
      throw error instanceof UniqueViolation ? new DatabaseError('conflict', error) : error;
    });
    // PostgreSQL answers the COMMIT of a transaction that has failed without an error.
    if (results.at(-1)?.command !== 'COMMIT') throw new Error('The transaction was not committed.');
  }

  async rollBack(): Promise<void> {
    await this.#last;
    if (this.isLost || this.#opening === BEGIN) return;
    this.#opening = null;
    await this.#send(['rollback']).catch(() => undefined);
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Sends statements that fail together, and without those before them. */
  async #attempt(statements: readonly Sql[]): Promise<readonly (readonly unknown[])[]> {
    try {
      return (await this.#send(statements)).map(({ rows }) => rows);
    } catch (error) {
      if (!this.isLost) await this.#send(['rollback to savepoint attempt']);
      throw error;
    }
  }

  /** Sends all in one round trip; throws what the first that failed did. */
  async #send(statements: readonly (Sql | string)[]): Promise<pg.QueryResult[]> {
    const opening = this.#opening === null ? [] : [this.#opening];
    this.#opening = null;
    const { stream } = (this.#connection as unknown as { connection: { stream: Duplex } }).connection;
    stream.cork();
    const sent = [...opening, ...statements].map((statement) =>
      this.#connection.query(typeof statement === 'string' ? statement : this.#prepare(statement)),
    );
    stream.uncork();
    const outcomes = await Promise.allSettled(sent);
    const failed = outcomes.findIndex(({ status }) => status === 'rejected');
    if (failed < 0) return (await Promise.all(sent)).slice(opening.length);
    const { reason } = outcomes[failed] as PromiseRejectedResult;
    // A command of ours that fails leaves a state that nobody knows, as anything does that PostgreSQL has not reported.
    if (
      failed < opening.length ||
      typeof statements[failed - opening.length] === 'string' ||
      !isReported(reason)
    )
      this.isLost = true;
    throw toDatabaseError(reason);
  }
}

function throwOurs(error: unknown): never {
  throw toDatabaseError(error);
}
