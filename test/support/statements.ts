import type { Database } from '../../src/db/database.js';
import type { Statement } from '../../src/db/sql.js';

/** Records every statement that goes through a database from now on. */
export function recordStatements(database: Database): {
  readonly texts: string[];
  readonly statements: Statement[];
} {
  const texts: string[] = [];
  const statements: Statement[] = [];
  const send = database.send.bind(database);
  database.send = (way, statement, owner) => {
    texts.push(statement.text);
    statements.push(statement);
    return send(way, statement, owner);
  };
  return { texts, statements };
}

export interface LoggedRequest {
  readonly requestId: string;
  readonly statements: number;
  readonly [key: string]: unknown;
}

/** The line that the log has of a request; it is written after the answer was sent, so it is waited for. */
export async function loggedRequest(logged: () => string, requestId: string): Promise<LoggedRequest> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const line = logged()
      .split('\n')
      .find((text) => text.includes(requestId) && text.includes('"msg":"request"'));
    if (line !== undefined) return JSON.parse(line);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`The log has no line of the request ${requestId}.`);
}
