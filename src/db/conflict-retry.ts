import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from './errors.js';

const MAX_RETRIES = 3;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;

/**
 * Carries a whole transaction out again when PostgreSQL gave it up for another one's sake (deadlock, serialization):
 * up to 3 times, each after 20 to 200 ms at random, so that those who met do not meet again. Lock time that has run
 * out is no conflict and is not tried again: whoever holds the lock still holds it.
 *
 * @param attempt begins and ends the transaction, and leaves nothing behind when it throws.
 * @param onRetry is told of every retry.
 */
export async function retryConflicts<Value>(
  attempt: () => Promise<Value>,
  onRetry: () => void,
): Promise<Value> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isConflict = error instanceof DatabaseError && error.failure === 'conflict';
      if (!isConflict || retries === MAX_RETRIES) throw error;
      onRetry();
      await sleep(randomInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS + 1));
    }
  }
}
