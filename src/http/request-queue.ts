/** How many requests may be in the queue at once. */
export interface QueueLimits {
  /** Of all sharers together, waiting or being executed. */
  readonly places: number;
  /** Of these, how many may be those of one sharer. */
  readonly placesOfOne: number;
  /** How many of one sharer are executed at once; the others wait. */
  readonly atOnce: number;
}

/** One request's place. */
export interface Place {
  /** Settles when the request may be executed: false where it no longer can, because it left or had to give way. */
  readonly begins: Promise<boolean>;
  /** Gives the place back; at any time, and more than once without harm. */
  leave(): void;
  /** Gives the place back unless the request is being executed. */
  stopWaiting(): void;
}

/** All requests of one sharer. Both sets are in the order of arrival. */
interface Share {
  readonly sharer: string;
  readonly waiting: Set<Entry>;
  readonly executing: Set<Entry>;
}

interface Entry {
  readonly share: Share;
  settle: (begins: boolean) => void;
  begunAt: number;
}

const AT_ONCE = Promise.resolve(true);

/**
 * Limits how many requests are executed and wait. Each sharer (a merchant, a partner, or all callers without a key
 * together) has a queue of its own, so that a thousand requests of one wait for each other and delay no other sharer's.
 *
 * The queues that libraries offer (p-queue, fastq, bottleneck) have one limit and one order for all.
 */
export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #shares = new Map<string, Share>();
  #taken = 0;
  #waiting = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** How many of those who have a place are not executed yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a place; null where the sharer has as many as one may have. When all places are taken, the sharer with the
   * most gives up one that waits.
   */
  enter(sharer: string): Place | null {
    const share = this.#shares.get(sharer) ?? { sharer, waiting: new Set(), executing: new Set() };
    if (sizeOf(share) >= this.#limits.placesOfOne) return null;
    if (this.#taken >= this.#limits.places && !this.#makeRoom(sizeOf(share))) return null;
    this.#shares.set(sharer, share);
    this.#taken += 1;
    const entry: Entry = { share, settle: () => {}, begunAt: 0 };
    const place = { leave: () => this.#leave(entry), stopWaiting: () => this.#stopWaiting(entry) };
    if (share.executing.size < this.#limits.atOnce) {
      this.#begin(entry);
      return { begins: AT_ONCE, ...place };
    }
    share.waiting.add(entry);
    this.#waiting += 1;
    const begins = new Promise<boolean>((resolve) => {
      entry.settle = resolve;
    });
    return { begins, ...place };
  }

  /** Gives back the places of requests that have been executed for so long that they will never end. */
  leaveLost(milliseconds: number): void {
    const before = performance.now() - milliseconds;
    for (const { executing } of this.#shares.values())
      for (const entry of executing) if (entry.begunAt <= before) this.#leave(entry);
  }

  #begin(entry: Entry): void {
    entry.share.executing.add(entry);
    entry.begunAt = performance.now();
    entry.settle(true);
  }

  #leave(entry: Entry): void {
    const { share } = entry;
    if (share.waiting.delete(entry)) this.#waiting -= 1;
    else if (!share.executing.delete(entry)) return;
    this.#taken -= 1;
    entry.settle(false);
    const [next] = share.waiting;
    if (next && share.executing.size < this.#limits.atOnce) {
      share.waiting.delete(next);
      this.#waiting -= 1;
      this.#begin(next);
    }
    if (sizeOf(share) === 0) this.#shares.delete(share.sharer);
  }

  #stopWaiting(entry: Entry): void {
    if (entry.share.waiting.has(entry)) this.#leave(entry);
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
}

function sizeOf(share: Share | null): number {
  return share === null ? 0 : share.waiting.size + share.executing.size;
}
