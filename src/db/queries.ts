import type { Owner } from './shares.js';
import type { Sql } from './sql.js';

/** What repositories send their statements through. A row is an object with the columns that the statement names. */
export interface Queries {
  /** A look-up: waits for no lock, changes nothing. One with `grows` in it takes another way than those without. */
  read<Row>(statement: Sql): Promise<readonly Row[]>;
  /** One statement that changes something, a transaction of its own. */
  write<Row>(statement: Sql): Promise<readonly Row[]>;
  /**
   * Carries `work` out in one transaction: what it sends through the queries that it is given commits when it
   * resolves, and none of it when it throws. After a conflict it is carried out again from the beginning.
   */
  transaction<Value>(work: (transaction: Queries) => Promise<Value>): Promise<Value>;
}

/** Counts what one request sends, for its line in the log. */
export class CountedQueries implements Queries {
  readonly #queries: Queries;
  readonly #count: { statements: number };

  constructor(queries: Queries, count = { statements: 0 }) {
    this.#queries = queries;
    this.#count = count;
  }

  get statements(): number {
    return this.#count.statements;
  }

  read<Row>(statement: Sql): Promise<readonly Row[]> {
    this.#count.statements += 1;
    return this.#queries.read(statement);
  }

  write<Row>(statement: Sql): Promise<readonly Row[]> {
    this.#count.statements += 1;
    return this.#queries.write(statement);
  }

  transaction<Value>(work: (transaction: Queries) => Promise<Value>): Promise<Value> {
    return this.#queries.transaction((transaction) => work(new CountedQueries(transaction, this.#count)));
  }
}

type Send = <Row>(statement: Sql, owner: Owner) => Promise<readonly Row[]>;

/** What tells owners apart. */
interface Shared {
  readonly read: Send;
  readonly write: Send;
  transaction<Value>(work: (transaction: Queries) => Promise<Value>, owner: Owner): Promise<Value>;
}

/** The queries of one owner. */
export class OwnedQueries implements Queries {
  readonly #shared: Shared;
  readonly #owner: Owner;

  constructor(shared: Shared, owner: Owner) {
    this.#shared = shared;
    this.#owner = owner;
  }

  read<Row>(statement: Sql): Promise<readonly Row[]> {
    return this.#shared.read(statement, this.#owner);
  }

  write<Row>(statement: Sql): Promise<readonly Row[]> {
    return this.#shared.write(statement, this.#owner);
  }

  transaction<Value>(work: (transaction: Queries) => Promise<Value>): Promise<Value> {
    return this.#shared.transaction(work, this.#owner);
  }
}
