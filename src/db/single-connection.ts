import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const CONNECT_MS = 5_000;
const FAREWELL_MS = 500;

/** Opens a connection of its own, outside every pool, for the time of some work. */
export async function withConnection<Value>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client({ connectionTimeoutMillis: CONNECT_MS, ...config });
  // A connection that breaks outside a query tells it by an event, which ends the process when nobody listens.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    // A server that hangs does not answer a farewell either.
    await Promise.race([client.end().catch(() => undefined), sleep(FAREWELL_MS, undefined, { ref: false })]);
  }
}
