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
  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value>;
}

/** The queries of one transaction. A statement that fails takes back itself, and none before it. */
export interface Transaction extends Queries {
  /**
   * Sends look-ups in one round trip and resolves to the rows of each. Each begins when the one before it has ended, and
   * sees what was committed until then.
   */
  readAll(statements: readonly Sql[]): Promise<readonly (readonly unknown[])[]>;
  /**
   * Sends a statement along with the commit, which fails with it. Where it violates a unique constraint, another
   * transaction was first: that is a conflict.
   */
  beforeCommit(statement: Sql): void;
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

  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return this.#queries.transaction((transaction) => work(new CountedTransaction(transaction, this.#count)));
  }
}

class CountedTransaction extends CountedQueries implements Transaction {
  readonly #transaction: Transaction;
  readonly #sent: { statements: number };

  constructor(transaction: Transaction, sent: { statements: number }) {
    super(transaction, sent);
    this.#transaction = transaction;
    this.#sent = sent;
  }

  readAll(statements: readonly Sql[]): Promise<readonly (readonly unknown[])[]> {
    this.#sent.statements += statements.length;
    return this.#transaction.readAll(statements);
  }

  beforeCommit(statement: Sql): void {
    this.#sent.statements += 1;
    this.#transaction.beforeCommit(statement);
  }
}

type Send = <Row>(statement: Sql, owner: Owner) => Promise<readonly Row[]>;

/** What tells owners apart. */
interface Shared {
  readonly read: Send;
  readonly write: Send;
  transaction<Value>(work: (transaction: Transaction) => Promise<Value>, owner: Owner): Promise<Value>;
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

  transaction<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return this.#shared.transaction(work, this.#owner);
  }
}
