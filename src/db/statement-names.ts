import { LRUCache } from 'lru-cache';
import pg from 'pg';
import type { Owner } from './shares.js';

export interface NamesOptions {
  /** How many statements have a name at once. */
  readonly limit: number;
  /** How many of these only one owner uses. */
  readonly each: number;
  /** How many statements that were sent once are remembered. */
  readonly candidates: number;
}

interface Named {
  readonly name: string;
  /** Who alone has used it; null once it is used by a second owner, or by the server itself. */
  owner: Owner;
}

/**
 * Gives statements the names under which connections keep them prepared, and takes them back: from its second use on
 * a text has a name, until others are used more. What one owner alone uses takes the place of its own statements, so
 * that a client that selects its fields in ever new orders makes nobody else's be planned anew.
 *
 * A name stands for one text only, and is never given again.
 */
export class StatementNames {
  readonly #options: NamesOptions;
  readonly #named: LRUCache<string, Named>;
  readonly #seen: LRUCache<string, true>;
  /** The texts that one owner alone uses, the one whose last use is the longest ago first. */
  readonly #own = new Map<Owner, Set<string>>();
  readonly #current = new Set<string>();
  readonly #listeners = new Set<(name: string) => void>();
  #count = 0;

  constructor(options: NamesOptions) {
    this.#options = options;
    this.#seen = new LRUCache({ max: options.candidates });
    this.#named = new LRUCache({
      max: options.limit,
      dispose: (named, text) => this.#forget(named, text),
    });
  }

  /** The name of a text; undefined while it has none. */
  nameOf(text: string, owner: Owner): string | undefined {
    const named = this.#named.get(text);
    if (named) return this.#use(named, text, owner);
    if (this.#seen.has(text)) {
      this.#seen.delete(text);
      return this.#add(text, owner);
    }
    this.#seen.set(text, true);
    return undefined;
  }

  /** The name that a text has, which is no use of it. */
  peek(text: string): string | undefined {
    return this.#named.peek(text)?.name;
  }

  /** Whether a name still stands for its text. */
  isCurrent(name: string): boolean {
    return this.#current.has(name);
  }

  /** Tells of every name that is taken back; gives back what ends it. */
  onForget(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #use(named: Named, text: string, owner: Owner): string {
    if (named.owner === null) return named.name;
    const own = this.#own.get(named.owner);
    own?.delete(text);
    if (named.owner === owner) own?.add(text);
    else this.#disown(named);
    return named.name;
  }

  #add(text: string, owner: Owner): string {
    const own = owner === null ? undefined : (this.#own.get(owner) ?? new Set<string>());
    const [oldest] = own ?? [];
    if (oldest !== undefined && own && own.size >= this.#options.each) this.#named.delete(oldest);
    this.#count += 1;
    const name = `vault_${this.#count}`;
    this.#current.add(name);
    if (own) this.#own.set(owner, own.add(text));
    this.#named.set(text, { name, owner });
    return name;
  }

  #forget(named: Named, text: string): void {
    this.#current.delete(named.name);
    this.#own.get(named.owner)?.delete(text);
    this.#disown(named);
    for (const listener of this.#listeners) listener(named.name);
  }

  #disown(named: Named): void {
    if (this.#own.get(named.owner)?.size === 0) this.#own.delete(named.owner);
    named.owner = null;
  }
}

/** What pg keeps of a connection's prepared statements; it has no way of its own to forget one. */
interface Prepared {
  readonly parsedStatements: Record<string, unknown>;
  readonly submittedNamedStatements: Record<string, unknown>;
  close(message: { readonly type: 'S'; readonly name: string }): void;
}

/**
 * A class of connections that give the names of statements back: what `names` has forgotten is closed in PostgreSQL
 * along with the next statement that has a name, without a wait for it.
 */
export function namingClient(names: StatementNames): typeof pg.Client {
  return class extends pg.Client {
    readonly #prepared = new Set<string>();
    #forgotten: string[] = [];

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      const stop = names.onForget((name) => {
        if (this.#prepared.delete(name)) this.#forgotten.push(name);
      });
      this.once('end', stop);
    }

    // biome-ignore lint/suspicious/noExplicitAny: pg's own has many forms, and all of them go through here.
    override query(...args: any[]): any {
      const [config, ...rest] = args;
      const name = nameIn(config);
      const query = super.query as (...given: unknown[]) => unknown;
      if (name === undefined) return query.apply(this, args);
      this.#close();
      // It was forgotten while the statement waited for a connection.
      if (!names.isCurrent(name)) return query.call(this, { ...config, name: undefined }, ...rest);
      this.#prepared.add(name);
      return query.apply(this, args);
    }

    #close(): void {
      if (this.#forgotten.length === 0) return;
      const connection = this.connection as unknown as Prepared;
      for (const name of this.#forgotten) {
        connection.close({ type: 'S', name });
        delete connection.parsedStatements[name];
        delete connection.submittedNamedStatements[name];
      }
      this.#forgotten = [];
    }
  };
}

function nameIn(config: unknown): string | undefined {
  const name = typeof config === 'object' && config !== null ? Reflect.get(config, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
