/** How many bytes may be held, of all together and of one sharer. */
export interface ByteLimits {
  readonly total: number;
  readonly ofOne: number;
}

/** So much of the whole is left to each, however much the others hold. */
const ALWAYS_LEFT = 1_048_576;

/**
 * Counts the bytes that the server keeps for others (bodies that arrive, answers that are not read), by the request
 * and by the merchant that it is for.
 */
export class HeldBytes<Holder extends object> {
  readonly #limits: ByteLimits;
  /** In the order in which they came. */
  readonly #held = new Map<Holder, { readonly key: string; bytes: number }>();
  readonly #sums = new Map<string, number>();
  #total = 0;

  constructor(limits: ByteLimits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts more bytes; `key` is that of the first call for this holder. */
  add(holder: Holder, key: string, bytes: number): void {
    const held = this.#held.get(holder);
    if (held) held.bytes += bytes;
    else this.#held.set(holder, { key, bytes });
    this.#count(held?.key ?? key, bytes);
  }

  /** Forgets all of a holder's bytes; harmless where there are none. */
  release(holder: Holder): void {
    const held = this.#held.get(holder);
    if (!held) return;
    this.#held.delete(holder);
    this.#count(held.key, -held.bytes);
  }

  /** Whether one sharer holds too much, for itself or beside the others. */
  isTooMuch(key: string): boolean {
    const sum = this.#sums.get(key) ?? 0;
    return sum > this.#limits.ofOne || (this.#total > this.#limits.total && sum > ALWAYS_LEFT);
  }

  /** The holder to drop next: the oldest one of the sharer with the most bytes; null while no limit is exceeded. */
  nextToGo(): Holder | null {
    const [most] = [...this.#sums].sort(([, a], [, b]) => b - a);
    if (!most || (most[1] <= this.#limits.ofOne && this.#total <= this.#limits.total)) return null;
    for (const [holder, { key }] of this.#held) if (key === most[0]) return holder;
    return null;
  }

  #count(key: string, bytes: number): void {
    this.#total += bytes;
    const sum = (this.#sums.get(key) ?? 0) + bytes;
    if (sum === 0) this.#sums.delete(key);
    else this.#sums.set(key, sum);
  }
}
