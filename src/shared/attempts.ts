import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from './expected-error.js';

/** Another change of the same customer came between what an attempt read and what it wrote. */
export const versionChanged = Symbol('version changed');

/** Many changes of one customer raced for so long that this one gave up. */
export class Contention extends ExpectedError {
  override readonly name = 'Contention';
  readonly code = 'TIMEOUT';
  readonly sentence = 'Other changes came in between for too long. Try again.';
}

const PATIENCE_MS = 4_000;
/** The first attempts follow each other at once; those after them wait for a pause. */
const WITHOUT_PAUSE = 2;
const LONGEST_PAUSE_MS = 40;

/**
 * Repeats an attempt until no other change comes in between. Every change is written on condition that the customer's version is
 * the one that was read, so that nothing is ever decided on what is no longer true. Somebody wins every round, and
 * within one process changes of a customer take turns, so that only those of other processes come in between.
 *
 * @throws Contention after 4 s.
 */
export async function untilVersionHolds<Value>(
  attempt: () => Promise<Value | typeof versionChanged>,
): Promise<Value> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let attempts = 1; ; attempts += 1) {
    const value = await attempt();
    if (value !== versionChanged) return value;
    if (performance.now() > deadline) throw new Contention();
    if (attempts > WITHOUT_PAUSE) await sleep(randomInt(1, LONGEST_PAUSE_MS));
  }
}
