/**
 * How long one turn of the event loop works on answers before it gives way, in milliseconds. Whoever asks for little
 * waits so long at most behind each piece of a large answer.
 */
const TURN_MS = 1;

type Step = () => void;

/**
 * Gives the event loop back on the way through long work. What is left for later turns is done in shares, one share a
 * turn and all in turn, so that nobody waits for more than one piece of everybody else's work.
 */
export class Yielding {
  readonly #clock: () => number;
  readonly #nextTurn: (run: () => void) => void;
  /** When the work of this turn began; null: there was none so far. */
  #began: number | null = null;
  #isScheduled = false;
  /** What is left to do, by share; the next in turn first. */
  readonly #waiting = new Map<string, Step[]>();

  constructor(
    clock: () => number = () => performance.now(),
    nextTurn: (run: () => void) => void = setImmediate,
  ) {
    this.#clock = clock;
    this.#nextTurn = nextTurn;
  }

  /** Whether this turn has worked long enough, so that the rest should wait for a later one. */
  get isDue(): boolean {
    const now = this.#clock();
    if (this.#began !== null) return now - this.#began >= TURN_MS;
    this.#began = now;
    this.#schedule();
    return false;
  }

  /** Resolves to the value in a later turn, after what the same share had left before. */
  later<Value>(share: string, value: Value): Promise<Value> {
    return new Promise((resolve) => {
      const steps = this.#waiting.get(share);
      const step = () => resolve(value);
      if (steps) steps.push(step);
      else this.#waiting.set(share, [step]);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#nextTurn(this.#run);
  }

  readonly #run = async () => {
    this.#isScheduled = false;
    this.#began = null;
    const [next] = this.#waiting;
    if (next) {
      this.#began = this.#clock();
      await this.#workOn(...next);
      this.#began = null;
    }
    if (this.#waiting.size > 0) this.#schedule();
  };

  /** Takes steps of one share until the turn is over. What a step leaves for later comes before what was behind it. */
  async #workOn(share: string, steps: Step[]): Promise<void> {
    do {
      const left: Step[] = [];
      this.#waiting.set(share, left);
      steps.shift()?.();
      // Lets what waited for the step happen, the reading of a request's body included: it counts for this turn.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      steps.unshift(...left);
    } while (steps.length > 0 && !this.isDue);
    this.#waiting.delete(share);
    if (steps.length > 0) this.#waiting.set(share, steps);
  }
}

/** Of this process, which has one event loop. */
export const yielding = new Yielding();
