import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, ReferenceViolation } from './errors.js';

const MAX_RETRIES = 3;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 200;

/**
 * Carries a whole transaction out again when PostgreSQL gave it up for another one's sake (deadlock, serialization):
 * up to 3 times, each after 20 to 200 ms at random, so that those who met do not meet again. Lock time that has run
 * out is no conflict and is not tried again: whoever holds the lock still holds it.
 *
 * A foreign key may be violated because the other row went, or came, while the statement ran: asked again, a statement
 * sees that itself. One that is violated a second time is violated for good, and that nobody foresaw.
 *
 * @param attempt begins and ends the transaction, and leaves nothing behind when it throws.
 * @param onRetry is told of every retry.
 */
export async function retryConflicts<Value>(
  attempt: () => Promise<Value>,
  onRetry: () => void,
): Promise<Value> {
  const violated = new Set<string>();
  for (let retries = 0; ; retries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retries === MAX_RETRIES || !isConflict(error, violated)) throw error;
      onRetry();
      await sleep(randomInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS + 1));
    }
  }
}

function isConflict(error: unknown, violated: Set<string>): boolean {
  if (!(error instanceof ReferenceViolation))
    return error instanceof DatabaseError && error.failure === 'conflict';
  if (violated.has(error.constraint)) return false;
  violated.add(error.constraint);
  return true;
}
