import type pg from 'pg';
import { isReported, toDatabaseError } from './errors.js';
import type { Queries } from './queries.js';
import type { Sql } from './sql.js';

/** How a statement is sent: its name, where it has one, */
export type Prepare = (statement: Sql) => pg.QueryConfig;

/**
 * Runs `work` in a transaction on a connection of its own: it commits when `work` resolves and rolls back when it
 * throws. A statement that fails leaves the transaction usable, so that whoever expects a violation can go on.
 *
 * @throws DatabaseError, UniqueViolation, or what `work` throws.
 */
export async function runTransaction<Value>(
  pool: pg.Pool,
  prepare: Prepare,
  work: (transaction: Queries) => Promise<Value>,
): Promise<Value> {
  const connection = await pool.connect().catch(throwOurs);
  // A connection that breaks between two statements says so by an event, which ends the process if nobody listens.
  const ignore = () => {};
  connection.on('error', ignore);
  const transaction = new Transaction(connection, prepare);
  try {
    await transaction.begin();
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

class Transaction implements Queries {
  readonly #connection: pg.PoolClient;
  readonly #prepare: Prepare;
  /** The last thing that was sent; a connection takes one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  /** Whether something was written since the savepoint. */
  #isDirty = false;
  /** Whether the connection is in a state that nobody knows. */
  isLost = false;

  constructor(connection: pg.PoolClient, prepare: Prepare) {
    this.#connection = connection;
    this.#prepare = prepare;
  }

  async begin(): Promise<void> {
    await this.#send('begin; savepoint attempt');
  }

  async commit(): Promise<void> {
    await this.#last;
    const { command } = await this.#send('commit');
    // PostgreSQL answers the COMMIT of a transaction that has failed without an error.
    if (command !== 'COMMIT') throw new Error('The transaction was not committed.');
  }

  async rollBack(): Promise<void> {
    await this.#last;
    if (!this.isLost) await this.#send('rollback').catch(() => undefined);
  }

  read<Row>(statement: Sql): Promise<readonly Row[]> {
    return this.#inTurn(async () => {
      await this.#keep();
      return this.#query<Row>(statement);
    });
  }

  write<Row>(statement: Sql): Promise<readonly Row[]> {
    return this.#inTurn(async () => {
      await this.#keep();
      this.#isDirty = true;
      return this.#query<Row>(statement);
    });
  }

  /** Sets the savepoint behind what was written: a failure takes back its own statement, and none before it. */
  async #keep(): Promise<void> {
    if (!this.#isDirty) return;
    await this.#send('release savepoint attempt; savepoint attempt');
    this.#isDirty = false;
  }

  /** The same transaction: what is inside commits with it. */
  transaction<Value>(work: (transaction: Queries) => Promise<Value>): Promise<Value> {
    return work(this);
  }

  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #query<Row>(statement: Sql): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#connection.query(this.#prepare(statement));
      return rows as Row[];
    } catch (error) {
      if (isReported(error)) await this.#send('rollback to savepoint attempt');
      else this.isLost = true;
      throw toDatabaseError(error);
    }
  }

  async #send(command: string): Promise<pg.QueryResult> {
    try {
      const result: pg.QueryResult | pg.QueryResult[] = await this.#connection.query(command);
      return Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
    } catch (error) {
      this.isLost = true;
      throw toDatabaseError(error);
    }
  }
}

function throwOurs(error: unknown): never {
  throw toDatabaseError(error);
}
