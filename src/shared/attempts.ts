/** Another change of the same customer came between what an attempt read and what it wrote. */
export const outrun = Symbol('outrun');

/** Many changes of one customer raced for so long that this one gave up. */
export class Contention extends Error {
  override readonly name = 'Contention';
}

// Someone wins every round, so this many racing changes of one customer all succeed.
const MAX_ATTEMPTS = 200;

/**
 * Repeats an attempt until it is not outrun. Every change is written on condition that the customer's version is
 * the one that was read, so that nothing is ever decided on what is no longer true.
 *
 * @throws Contention after 200 attempts.
 */
export async function untilNotOutrun<Value>(attempt: () => Promise<Value | typeof outrun>): Promise<Value> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const value = await attempt();
    if (value !== outrun) return value;
  }
  throw new Contention();
}
