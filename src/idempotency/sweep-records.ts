import type { Logger } from 'pino';
import type { Queries } from '../db/queries.js';
import { deleteExpiredRecords } from './idempotency.repository.js';

const EVERY_MS = 60_000;
const PAUSE_MS = 250;

/**
 * Removes idempotency records whose time is over, once a minute and in small batches with a pause between them, so
 * that nobody waits for it. Any number of servers may do it at once. Resolves what it gives back when it has stopped.
 */
export function sweepRecords(db: Queries, log: Logger): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let sweeping = Promise.resolve();
  let isStopped = false;
  const plan = (milliseconds: number) => {
    timer = setTimeout(() => {
      sweeping = sweep();
    }, milliseconds).unref();
  };
  const sweep = async () => {
    const removed = await deleteExpiredRecords(db).catch((error: unknown) => {
      log.warn({ err: error }, 'idempotency records could not be removed');
      return 0;
    });
    if (!isStopped) plan(removed > 0 ? PAUSE_MS : EVERY_MS);
  };
  plan(EVERY_MS);
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await sweeping;
  };
}
