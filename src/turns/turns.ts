import { Shares } from '../db/shares.js';
import type { MerchantId } from '../shared/id.js';

// One change of a customer at a time; so many of one customer wait, and for so long. What waits has no connection.
const OF_ONE = { places: Number.POSITIVE_INFINITY, each: 1, waiting: 1_000, patience: 2_000 };

/** So many changes of one merchant at once may race: each of them is tried again a few times at the most. */
const MAY_RACE = 4;

/**
 * The changes of one customer take turns, those of different customers do not wait for each other. Without it, many
 * changes of one customer at once would each look at it, be refused where another was first, and look again.
 *
 * It holds within this process. Between processes every change is written on condition of the customer's version.
 */
export class Turns {
  readonly #shares: Shares;
  readonly #ofMerchant = new Map<MerchantId, number>();

  constructor(options: Partial<typeof OF_ONE> = {}) {
    this.#shares = new Shares({ ...OF_ONE, ...options });
  }

  /** Whether so many changes of a merchant are under way that those of one customer must not race. */
  isCrowded(merchantId: MerchantId): boolean {
    return (this.#ofMerchant.get(merchantId) ?? 0) >= MAY_RACE;
  }

  /**
   * Carries a change out once it is its turn.
   *
   * @param target resolves to what of the merchant is changed, so that two changes of the same take turns.
   * @throws DatabaseError 'overloaded' where its turn does not come within 2 s.
   */
  async take<Value>(
    merchantId: MerchantId,
    target: () => string | Promise<string>,
    change: () => Promise<Value>,
  ): Promise<Value> {
    const before = this.#ofMerchant.get(merchantId) ?? 0;
    this.#ofMerchant.set(merchantId, before + 1);
    try {
      return await this.#shares.run(`${merchantId} ${await target()}`, change);
    } finally {
      const left = (this.#ofMerchant.get(merchantId) ?? 1) - 1;
      if (left > 0) this.#ofMerchant.set(merchantId, left);
      else this.#ofMerchant.delete(merchantId);
    }
  }
}
