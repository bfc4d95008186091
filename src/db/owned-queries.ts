import type { Queries } from './queries.js';
import type { Owner } from './shares.js';
import type { Sql } from './sql.js';

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
