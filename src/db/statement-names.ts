import { createHash } from 'node:crypto';

/**
 * Gives statements the names under which PostgreSQL keeps them prepared: a hash of the text.
 *
 * A connection never forgets a name, so only the first `limit` texts get one; whatever comes later is planned
 * each time. Otherwise a client could fill the server's memory by selecting its fields in ever new orders.
 */
export class StatementNames {
  readonly #limit: number;
  readonly #names = new Map<string, string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The name for a text; undefined for a text that came after the limit was reached. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= this.#limit) return undefined;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    this.#names.set(text, name);
    return name;
  }
}
