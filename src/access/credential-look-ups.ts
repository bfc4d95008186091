import type { Queries } from '../db/queries.js';
import {
  findApiKey,
  findCustomerSession,
  listApiKeys,
  listCustomerSessions,
  type StoredCredential,
} from './credential.repository.js';
import type { ParsedCredential } from './secret.js';

type Credential = Pick<ParsedCredential, 'kind' | 'merchantId' | 'id'>;
type Found = ReadonlyMap<string, StoredCredential>;

/** How often the guesses of addresses that have guessed too often are looked up, all of them together. */
const EVERY_MS = 100;
/** So many of them may wait at once; they take up places for requests meanwhile. */
const WAITING = 250;

const finders = { 'api-key': findApiKey, 'customer-session': findCustomerSession } as const;
const listers = { 'api-key': listApiKeys, 'customer-session': listCustomerSessions } as const;

interface Batch {
  readonly ids: Readonly<Record<ParsedCredential['kind'], Set<string>>>;
  readonly found: Promise<Readonly<Record<ParsedCredential['kind'], Found>>>;
}

/** Looks keys and sessions up in the database, the same way whether there are any or not. */
export class CredentialLookUps {
  readonly #db: Queries;
  #batch: Batch | null = null;
  #waiting = 0;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** At once, by a statement of its own. */
  find({ kind, ...name }: Credential): Promise<StoredCredential | null> {
    return finders[kind](this.#db, name);
  }

  /**
   * With all others that ask within 100 ms, by their ids alone: ten times a second at most, however many merchants they
   * name. A right key from an
   * address that others guess from is a little slower, and not refused.
   */
  async findSlowly({ kind, merchantId, id }: Credential): Promise<StoredCredential | null> {
    if (this.#waiting >= WAITING) return null;
    this.#waiting += 1;
    try {
      this.#batch ??= this.#newBatch();
      this.#batch.ids[kind].add(id);
      const found = (await this.#batch.found)[kind].get(id) ?? null;
      return merchantId === null || found?.merchantId === merchantId ? found : null;
    } finally {
      this.#waiting -= 1;
    }
  }

  #newBatch(): Batch {
    const ids = { 'api-key': new Set<string>(), 'customer-session': new Set<string>() };
    const found = new Promise<void>((resolve) => setTimeout(resolve, EVERY_MS)).then(async () => {
      this.#batch = null;
      const [keys, sessions] = await Promise.all([
        this.#list('api-key', ids['api-key']),
        this.#list('customer-session', ids['customer-session']),
      ]);
      return { 'api-key': keys, 'customer-session': sessions };
    });
    return { ids, found };
  }

  async #list(kind: ParsedCredential['kind'], ids: ReadonlySet<string>): Promise<Found> {
    if (ids.size === 0) return new Map();
    const rows = await listers[kind](this.#db, [...ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}
