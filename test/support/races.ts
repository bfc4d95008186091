import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** The connections of a test vault that can wait for a row. */
const CONNECTIONS = 10;

/**
 * Lets changes of one customer race in earnest: its row is held until as many of them as there are connections
 * have looked at the customer and wait for it, so that none of them sees what another changes.
 */
export async function race<Value>(
  databaseUrl: string,
  customerId: string,
  changes: readonly (() => Promise<Value>)[],
): Promise<Value[]> {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    const { rowCount } = await holder.query('select from customers where id = $1 for update', [customerId]);
    if (rowCount !== 1) throw new Error('There is no such customer to race for.');
    const racing = Promise.all(changes.map((change) => change()));
    await untilWaiting(holder, Math.min(changes.length, CONNECTIONS));
    await holder.query('commit');
    return await racing;
  } finally {
    await holder.end();
  }
}

async function untilWaiting(holder: pg.Client, expected: number): Promise<void> {
  for (let waiting = 0; waiting < expected; await pause(2)) {
    const { rows } = await holder.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    waiting = rows[0]?.waiting ?? 0;
  }
}
