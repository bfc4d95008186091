import { DatabaseError } from './errors.js';

/** For whom something is done: a merchant, a partner, or null for the server itself. */
export type Owner = string | null;

export interface ShareOptions {
  /** How many may be inside at once. */
  readonly places: number;
  /** How many of these one owner may have; the server itself may have all. */
  readonly each: number;
  /** How many of one owner may wait. */
  readonly waiting: number;
  /** For how long each of them waits, in milliseconds. */
  readonly patience: number;
}

interface Waiter {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/** An owner with somebody inside or waiting. */
interface Party {
  readonly owner: Owner;
  inside: number;
  readonly waiting: Waiter[];
}

/**
 * A number of places, of which one owner gets a part. What one owner asks beyond it waits in a queue of its own, and
 * a place that becomes free goes to the owners in turn, so that no owner waits for all that another one has queued.
 */
export class Shares {
  readonly #options: ShareOptions;
  readonly #parties = new Map<Owner, Party>();
  /** Those that wait although they have less than their share, in the order of their turns. */
  readonly #next = new Set<Party>();
  #inside = 0;
  #waiting = 0;

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#inside >= this.#options.places;
  }

  /** How many of an owner are inside or wait. */
  countOf(owner: Owner): number {
    const party = this.#parties.get(owner);
    return party ? party.inside + party.waiting.length : 0;
  }

  /**
   * Does something as soon as the owner has a place.
   *
   * @throws DatabaseError 'overloaded' where too many of the owner wait already, or none becomes free in time.
   */
  async run<Value>(owner: Owner, act: () => Promise<Value>): Promise<Value> {
    const party = this.#partyOf(owner);
    // Who waits while there are places has used its share up, so nobody is overtaken.
    if (this.#hasShareLeft(party) && !this.isFull) this.#enter(party);
    else await this.#wait(party);
    try {
      return await act();
    } finally {
      this.#leave(party);
    }
  }

  #partyOf(owner: Owner): Party {
    const known = this.#parties.get(owner);
    if (known) return known;
    const party: Party = { owner, inside: 0, waiting: [] };
    this.#parties.set(owner, party);
    return party;
  }

  #hasShareLeft({ owner, inside }: Party): boolean {
    return owner === null || inside < this.#options.each;
  }

  #enter(party: Party): void {
    party.inside += 1;
    this.#inside += 1;
  }

  #leave(party: Party): void {
    party.inside -= 1;
    this.#inside -= 1;
    if (party.waiting.length > 0) this.#next.add(party);
    else if (party.inside === 0) this.#parties.delete(party.owner);
    this.#admit();
  }

  #admit(): void {
    for (const party of this.#next) {
      if (this.isFull) return;
      this.#next.delete(party);
      const waiter = party.waiting.shift();
      if (!waiter) continue;
      this.#enter(party);
      // Behind the others that wait.
      if (party.waiting.length > 0 && this.#hasShareLeft(party)) this.#next.add(party);
      waiter.enter();
    }
  }

  #wait(party: Party): Promise<void> {
    const { waiting, patience } = this.#options;
    if (party.waiting.length >= waiting) return Promise.reject(overloaded('Too many wait already.'));
    if (this.#hasShareLeft(party)) this.#next.add(party);
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(waiter.timer);
        this.#waiting -= 1;
        resolve();
      };
      const giveUp = () => {
        this.#waiting -= 1;
        this.#forget(party, waiter);
        reject(overloaded('No place became free in time.'));
      };
      const waiter: Waiter = { enter, timer: setTimeout(giveUp, patience).unref() };
      party.waiting.push(waiter);
    });
  }

  #forget(party: Party, waiter: Waiter): void {
    party.waiting.splice(party.waiting.indexOf(waiter), 1);
    if (party.waiting.length > 0) return;
    this.#next.delete(party);
    if (party.inside === 0) this.#parties.delete(party.owner);
  }
}

function overloaded(reason: string): DatabaseError {
  return new DatabaseError('overloaded', new Error(reason));
}
