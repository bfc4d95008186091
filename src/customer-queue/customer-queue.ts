import { Shares } from '../db/shares.js';
import type { MerchantId } from '../shared/id.js';

// One change of a customer at a time; so many of one customer wait, and for so long. What waits has no connection.
const OF_ONE = { places: Number.POSITIVE_INFINITY, each: 1, waiting: 1_000, patience: 2_000 };

/** So many changes of one merchant at once may race: each of them is sent again a few times at the most. */
const MAY_RACE = 4;

/**
 * Changes of one customer are carried out one after the other; those of different customers do not wait. Without it, many
 * changes of one customer at once would each look at it, be refused where another was first, and look again.
 *
 * It holds within this process. Between processes every change is written on condition of the customer's version.
 */
export class CustomerQueue {
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
   * Carries a change out after the earlier ones of the same customer.
   *
   * @param target resolves to what of the merchant is changed.
   * @throws DatabaseError 'overloaded' where it has waited for 2 s.
   */
  async run<Value>(
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
