import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

interface Step {
  readonly name: string;
  readonly carryOut: () => Promise<void>;
  readonly limitMs: number;
}

/** Longer than the longest step there is: it only keeps one that hangs from hindering the rest. */
const LIMIT_MS = 11_000;

/** What has to be undone when the server stops: the last thing that was started first, each one whatever came of others. */
export class StopSteps {
  readonly #log: Logger;
  readonly #steps: Step[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, carryOut: () => Promise<void>, limitMs = LIMIT_MS): void {
    this.#steps.push({ name, carryOut, limitMs });
  }

  /** Carries every step out, once. Resolves to whether all of them succeeded; what failed is logged. */
  async run(): Promise<boolean> {
    let isClean = true;
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await withinLimit(step);
      } catch (error) {
        isClean = false;
        this.#log.error({ err: error, step: step.name }, 'a step of the stop failed');
      }
    }
    return isClean;
  }
}

async function withinLimit({ carryOut, limitMs }: Step): Promise<void> {
  const timer = new AbortController();
  const limit = sleep(limitMs, undefined, { ref: false, signal: timer.signal }).then(() => {
    throw new Error(`It took longer than ${limitMs} ms.`);
  });
  try {
    await Promise.race([carryOut(), limit]);
  } finally {
    limit.catch(() => undefined);
    timer.abort();
  }
}
