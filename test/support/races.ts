import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CustomerQueue } from '../../src/customer-queue/customer-queue.js';

/** The connections of a test vault with which one merchant can wait for a row. */
const CONNECTIONS = 5;

/** For a vault whose changes race as if each of them had come to another server. */
export const noQueue = { queue: new CustomerQueue({ each: Number.POSITIVE_INFINITY }) };

/**
 * Lets changes of one customer race in earnest, in a vault with `noQueue`: its row is held until as many of them as there are connections
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
    const early = racing.then(() => {
      throw new Error('The changes did not wait for the customer.');
    });
    await Promise.race([early, untilWaiting(holder, Math.min(changes.length, CONNECTIONS))]);
    await holder.query('commit');
    return await racing;
  } finally {
    await holder.end();
  }
}

async function untilWaiting(holder: pg.Client, expected: number): Promise<void> {
  // Before the changes lose their patience: the vault's lock_timeout is two seconds.
  const deadline = Date.now() + 1_500;
  while (Date.now() < deadline) {
    const { rows } = await holder.query<{ waiting: number }>(
      // A transaction sees the activity as it was at its first look, unless that is cleared.
      `select count(*)::integer as waiting from pg_stat_activity, pg_stat_clear_snapshot()
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.waiting ?? 0) >= expected) return;
    await pause(2);
  }
  throw new Error(`There are not ${expected} changes that wait for the customer.`);
}
