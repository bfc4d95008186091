import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Queries } from '../db/queries.js';
import { type KeyUse, saveKeyUses } from './key-usage.repository.js';

const MINUTE_MS = 60_000;
const SAVE_EVERY_MS = 5_000;
const REMEMBERED_KEYS = 50_000;

/** Notes in memory when keys are used, and writes it down beside the requests: a key at most once a minute. */
export class KeyUsage {
  readonly #db: Queries;
  readonly #log: Logger;
  /** The minute that was last noted of each key. */
  readonly #minutes = new LRUCache<string, number>({ max: REMEMBERED_KEYS });
  readonly #timer: NodeJS.Timeout;
  #unsaved = new Map<string, KeyUse>();

  constructor(db: Queries, log: Logger) {
    this.#db = db;
    this.#log = log;
    this.#timer = setInterval(() => void this.save(), SAVE_EVERY_MS).unref();
  }

  /** Costs a look into a map, and nothing else but once a minute. */
  note(id: string, merchantId: string | null, now: Date): void {
    const minute = Math.floor(now.getTime() / MINUTE_MS);
    if (this.#minutes.get(id) === minute) return;
    this.#minutes.set(id, minute);
    this.#unsaved.set(id, { id, merchantId, at: new Date(minute * MINUTE_MS) });
  }

  /** Writes down what was noted since the last time; what cannot be written is tried again with the next. */
  async save(): Promise<void> {
    const uses = this.#unsaved;
    if (uses.size === 0) return;
    this.#unsaved = new Map();
    try {
      await saveKeyUses(this.#db, [...uses.values()]);
    } catch (error) {
      this.#log.warn({ err: error }, 'last uses of keys not saved');
      this.#unsaved = new Map([...uses, ...this.#unsaved]);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
  }
}
