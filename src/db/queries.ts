import type { Sql } from './sql.js';

/** The ways on which statements go to the database. */
export const WAYS = ['read', 'append', 'write'] as const;

/** What repositories send their statements through. Each row of a statement is one JSON value named `row`. */
export interface Queries {
  /** A look-up: waits for no lock, changes nothing. */
  read<Row>(statement: Sql): Promise<readonly Row[]>;
  /** One statement that only adds rows, a transaction of its own: it changes no row that another may have locked. */
  append<Row>(statement: Sql): Promise<readonly Row[]>;
  /** One statement that changes something, a transaction of its own. */
  write<Row>(statement: Sql): Promise<readonly Row[]>;
}

/** Counts what one request sends, for its line in the log. */
export class CountedQueries implements Queries {
  readonly #queries: Queries;
  statements = 0;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  read<Row>(statement: Sql): Promise<readonly Row[]> {
    this.statements += 1;
    return this.#queries.read(statement);
  }

  append<Row>(statement: Sql): Promise<readonly Row[]> {
    this.statements += 1;
    return this.#queries.append(statement);
  }

  write<Row>(statement: Sql): Promise<readonly Row[]> {
    this.statements += 1;
    return this.#queries.write(statement);
  }
}
