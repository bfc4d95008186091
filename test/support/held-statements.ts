import type { Database } from '../../src/db/database.js';

/** Statements on one merchant's customers that wait. */
export interface Held {
  /** How many wait. */
  count(): number;
  /** Sends them, and all that come later. */
  release(): void;
}

/** Lets every statement that looks for a merchant's customers wait until it is released. */
export function holdStatements(database: Database, merchantId: string): Held {
  let held = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const send = database.send.bind(database);
  database.send = async (way, statement, owner) => {
    if (statement.text.includes('/* customers.') && statement.values.includes(merchantId)) {
      held += 1;
      await released;
      held -= 1;
    }
    return send(way, statement, owner);
  };
  return { count: () => held, release };
}
