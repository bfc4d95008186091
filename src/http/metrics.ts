import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PoolNumbers } from '../db/database.js';

/** What is read at a scrape. */
export interface Measured {
  readonly activity: { readonly statements: number; readonly conflictRetries: number };
  /** Connections for changes. */
  readonly pool: PoolNumbers;
  /** Connections for counts and searches. */
  readonly scans: PoolNumbers;
}

/** What is in progress, read at a scrape. */
export interface UnderWay {
  readonly inFlight: number;
  readonly waiting: number;
  readonly unreadBytes: number;
}

/** What can be told of a request once it is answered. */
export interface Answered {
  /** The route's own pattern, never the address that was asked for. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly errorCodes: readonly string[];
  readonly replayed: boolean;
}

// From a look-up by key to the longest that a request may take.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** Prometheus itself asks every 15 seconds or so. */
const REMEMBERED_MS = 1_000;

/**
 * Numbers about the server for Prometheus. They name no merchant, no key and no person: labels are routes, statuses
 * and error codes, which this server makes up itself. A request costs one observation; what is counted elsewhere
 * anyway is read at a scrape.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #duration: Histogram<'route' | 'status'>;
  readonly #errors: Counter<'code'>;
  readonly #replays: Counter;
  #text: Promise<string> | null = null;

  constructor(measured: Measured, underWay: () => UnderWay) {
    const registers = [this.#registry];
    // The delay of the event loop, memory and processor time are among these.
    collectDefaultMetrics({ register: this.#registry });
    this.#duration = new Histogram({
      name: 'vault_request_duration_seconds',
      help: 'Requests, and how long their answers took.',
      labelNames: ['route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.#errors = new Counter({
      name: 'vault_errors_total',
      help: 'Errors in answers, by extensions.code.',
      labelNames: ['code'],
      registers,
    });
    this.#replays = new Counter({
      name: 'vault_idempotent_replays_total',
      help: 'Answers in which a mutation had been carried out before, under its idempotency key.',
      registers,
    });
    readAtScrape(this.#registry, measured, underWay);
  }

  count({ route, status, milliseconds, errorCodes, replayed }: Answered): void {
    this.#duration.observe({ route, status }, milliseconds / 1_000);
    for (const code of errorCodes) this.countError(code);
    if (replayed) this.#replays.inc();
  }

  countError(code: string): void {
    this.#errors.inc({ code });
  }

  /**
   * The numbers in the text format of Prometheus, and its content type. They are collected once a second at most,
   * which takes as long as a good request; further scrapes get the same text.
   */
  async read(): Promise<{ readonly type: string; readonly text: string }> {
    if (this.#text === null) {
      this.#text = this.#registry.metrics();
      setTimeout(() => {
        this.#text = null;
      }, REMEMBERED_MS).unref();
    }
    return { type: this.#registry.contentType, text: await this.#text };
  }
}

function readAtScrape(registry: Registry, measured: Measured, underWay: () => UnderWay): void {
  const registers = [registry];
  const counters: readonly (readonly [string, string, () => number])[] = [
    ['vault_statements_total', 'SQL statements that were sent.', () => measured.activity.statements],
    [
      'vault_conflict_retries_total',
      'Transactions that were tried again after a deadlock or serialization failure.',
      () => measured.activity.conflictRetries,
    ],
  ];
  for (const [name, help, value] of counters) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
  const gauges: readonly (readonly [string, string, (now: UnderWay) => number])[] = [
    ['vault_requests_in_flight', 'Requests that are being answered.', ({ inFlight }) => inFlight],
    ['vault_requests_waiting', 'Of these, those that wait for their turn.', ({ waiting }) => waiting],
    ['vault_unread_bytes', 'Bytes of answers that are not read yet.', ({ unreadBytes }) => unreadBytes],
  ];
  for (const [name, help, value] of gauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(underWay()));
      },
    });
  }
  const pools: readonly (readonly [string, string, () => PoolNumbers])[] = [
    ['vault_database_pool', 'Connections for changes', () => measured.pool],
    ['vault_database_scans', 'Connections for counts and searches', () => measured.scans],
  ];
  for (const [name, what, numbers] of pools) {
    new Gauge({
      name,
      help: `${what} that are open and idle, and callers that wait for one.`,
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, value] of Object.entries(numbers())) this.set({ state }, value);
      },
    });
  }
}
