import pg from 'pg';
import type { StatementNames } from './statement-names.js';

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
