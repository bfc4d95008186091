/** How many may be in at once. */
export interface TurnLimits {
  /** All together, waiting or at work. */
  readonly places: number;
  /** Of these, how many may be those of one sharer. */
  readonly placesOfOne: number;
  /** How many of one sharer are at work at once; the others wait. */
  readonly atOnce: number;
}

/** One request's place. */
export interface Turn {
  /** Settles when the request may begin: false where it no longer can, because it left or had to give way. */
  readonly begins: Promise<boolean>;
  /** Gives the place back; at any time, and more than once without harm. */
  leave(): void;
}

/** All that one sharer has in. Both sets are in the order of arrival. */
interface Share {
  readonly key: string;
  readonly waiting: Set<Waiter>;
  readonly atWork: Set<Waiter>;
}

interface Waiter {
  readonly share: Share;
  readonly settle: (begins: boolean) => void;
}

/**
 * Whose turn it is. Each sharer (a merchant, or everybody without a key together) has a queue of its own, so that a
 * thousand requests of one stand behind each other and not in front of anybody else's. In one turn of the event loop
 * each sharer begins one request at most: what a beginning costs (parsing, validating) adds up for the one who sends
 * much, and for no one else.
 *
 * The queues that libraries offer (p-queue, fastq, bottleneck) have one order for all, or a limit for each key and no
 * order between the keys.
 */
export class FairTurns {
  readonly #limits: TurnLimits;
  /** The one whose turn is longest ago stands first. */
  readonly #shares = new Map<string, Share>();
  readonly #begunNow = new Set<Share>();
  #taken = 0;
  #waiting = 0;
  #isScheduled = false;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** How many of those who have a place have not begun. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a place; null where the sharer has as many as one may have. When all places are taken, the one who has the
   * most gives one back that has not begun.
   */
  enter(key: string): Turn | null {
    const share = this.#shares.get(key) ?? { key, waiting: new Set(), atWork: new Set() };
    if (sizeOf(share) >= this.#limits.placesOfOne) return null;
    if (this.#taken >= this.#limits.places && !this.#makeRoom(sizeOf(share))) return null;
    this.#shares.set(key, share);
    let settle: (begins: boolean) => void = () => {};
    const begins = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const waiter = { share, settle };
    share.waiting.add(waiter);
    this.#taken += 1;
    this.#waiting += 1;
    if (share.waiting.size === 1 && this.#mayBegin(share)) this.#begin(waiter);
    this.#schedule();
    return { begins, leave: () => this.#leave(waiter) };
  }

  #mayBegin(share: Share): boolean {
    return share.atWork.size < this.#limits.atOnce && !this.#begunNow.has(share);
  }

  #begin(waiter: Waiter): void {
    const { share } = waiter;
    share.waiting.delete(waiter);
    share.atWork.add(waiter);
    this.#waiting -= 1;
    this.#begunNow.add(share);
    waiter.settle(true);
  }

  #leave(waiter: Waiter): void {
    const { share } = waiter;
    if (share.waiting.delete(waiter)) this.#waiting -= 1;
    else if (!share.atWork.delete(waiter)) return;
    this.#taken -= 1;
    waiter.settle(false);
    if (sizeOf(share) === 0) this.#shares.delete(share.key);
    else if (share.waiting.size > 0) this.#schedule();
  }

  /** The last one in the longest queue goes, unless the newcomer's sharer has as many. */
  #makeRoom(sizeOfNewcomer: number): boolean {
    let largest: Share | null = null;
    for (const share of this.#shares.values()) {
      if (share.waiting.size > 0 && sizeOf(share) > sizeOf(largest)) largest = share;
    }
    if (largest === null || sizeOf(largest) <= sizeOfNewcomer + 1) return false;
    const last = [...largest.waiting].at(-1);
    if (last) this.#leave(last);
    return true;
  }

  #schedule(): void {
    if (this.#isScheduled || (this.#waiting === 0 && this.#begunNow.size === 0)) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#begunNow.clear();
      if (this.#beginNext()) this.#schedule();
    });
  }

  /** Lets everybody begin one who may; tells whether somebody did. */
  #beginNext(): boolean {
    for (const share of [...this.#shares.values()]) {
      const [next] = share.waiting;
      if (!next || !this.#mayBegin(share)) continue;
      this.#begin(next);
      // Behind the others, who are first the next time.
      this.#shares.delete(share.key);
      this.#shares.set(share.key, share);
    }
    return this.#begunNow.size > 0;
  }
}

function sizeOf(share: Share | null): number {
  return share === null ? 0 : share.waiting.size + share.atWork.size;
}
