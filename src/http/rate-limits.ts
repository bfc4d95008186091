import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RateLimitOptions } from '../config/limits.js';
import { networkOf } from './network.js';

/** What is left of a budget after one more request. */
export interface Budget {
  readonly isSpent: boolean;
  readonly remaining: number;
  /** Until the budget is whole again, rounded up. */
  readonly seconds: number;
}

/** A budget of wrong keys after one more. */
export interface Guess extends Budget {
  /** Takes back what was counted: the key turned out to be right. */
  forgive(): void;
}

/** Counts requests by key and by session, and wrong keys by address. */
export interface RateLimits {
  /** What may stand in the header `ratelimit-policy`. */
  readonly policies: Readonly<Record<'key' | 'session', string>>;
  /** Counts a request of a key, or of a session that it made. */
  countRequest(keyId: string): Promise<Budget>;
  /** Counts a request of a session. */
  countSession(sessionId: string): Promise<Budget>;
  /** Counts a key from an address that may be wrong, before it is looked up. */
  countWrongKey(address: string): Promise<Guess>;
  /** Counts a request without any key that came from an address. */
  countAnonymous(address: string): Promise<Budget>;
  /** Counts an asset of a page that an address asks for, by its size; each server for itself. */
  countAsset(address: string, bytes: number): Promise<Budget>;
  close(): Promise<void>;
}

const MINUTE_S = 60;
/** Sessions count for the key that made them: one shopper alone must not stop its others, nor the key itself. */
const SESSIONS_TO_SPEND_A_KEY = 10;
const REDIS_MS = 250;
/** The explorer, the largest page, takes 5 MB of it. */
const ASSETS = { points: 100_000_000, duration: 10 };

/**
 * Counts in memory or, with a Redis, for all servers together. While Redis does not answer each server counts for
 * itself: a limit that is too generous for a while is better than no service.
 */
export function createRateLimits(options: RateLimitOptions, log: Logger): RateLimits {
  const { perSecond, burst, wrongKeysPerMinute, anonymousPerSecond, anonymousBurst, redisUrl } = options;
  const redis = redisUrl === null ? null : connect(redisUrl, log);
  const window = windowOf(perSecond, burst);
  const requests = limiter(redis, {
    keyPrefix: 'vault:requests',
    points: perSecond * window,
    duration: window,
  });
  const sessionPoints = Math.ceil((perSecond * window) / SESSIONS_TO_SPEND_A_KEY);
  const sessions = limiter(redis, { keyPrefix: 'vault:sessions', points: sessionPoints, duration: window });
  const wrongKeys = limiter(redis, {
    keyPrefix: 'vault:wrong-keys',
    points: wrongKeysPerMinute,
    duration: MINUTE_S,
  });
  const anonymousWindow = windowOf(anonymousPerSecond, anonymousBurst);
  const anonymous = limiter(redis, {
    keyPrefix: 'vault:anonymous',
    points: anonymousPerSecond * anonymousWindow,
    duration: anonymousWindow,
  });
  const assets = new RateLimiterMemory({ keyPrefix: 'vault:assets', ...ASSETS });
  return {
    policies: {
      key: `"key";q=${perSecond * window};w=${window}`,
      session: `"session";q=${sessionPoints};w=${window}`,
    },
    countRequest: (keyId) => count(requests, keyId),
    countSession: (sessionId) => count(sessions, sessionId),
    countWrongKey: (address) => countGuess(wrongKeys, networkOf(address)),
    countAnonymous: (address) => count(anonymous, networkOf(address)),
    countAsset: (address, bytes) => count(assets, networkOf(address), bytes),
    close: async () => redis?.disconnect(),
  };
}

/** A burst at once, and then no more until the time is over in which the rate would have allowed as many. */
function windowOf(perSecond: number, burst: number): number {
  return Math.ceil(burst / perSecond);
}

interface Limit {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

function limiter(redis: Redis | null, limit: Limit): RateLimiterAbstract {
  const memory = new RateLimiterMemory(limit);
  if (redis === null) return memory;
  return new RateLimiterRedis({
    ...limit,
    storeClient: redis,
    // What is over its budget is refused from memory: an attack must not become Redis's load.
    inMemoryBlockOnConsumed: limit.points + 1,
    insuranceLimiter: memory,
  });
}

function connect(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: REDIS_MS,
    connectTimeout: 2 * REDIS_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 2_000),
  });
  // Without a listener a lost connection would end the process.
  redis.on('error', (error: Error & { readonly code?: string }) =>
    log.warn({ code: error.code ?? error.name }, 'Redis does not answer; requests are counted in memory'),
  );
  return redis;
}

async function count(from: RateLimiterAbstract, key: string, points = 1): Promise<Budget> {
  try {
    return toBudget(await from.consume(key, points), false);
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return toBudget(thrown, true);
    throw thrown;
  }
}

async function countGuess(from: RateLimiterAbstract, key: string): Promise<Guess> {
  const budget = await count(from, key);
  // Not awaited: if it gets lost, the address has one guess less.
  return { ...budget, forgive: () => void from.reward(key, 1).catch(() => undefined) };
}

function toBudget({ remainingPoints, msBeforeNext }: RateLimiterRes, isSpent: boolean): Budget {
  return { isSpent, remaining: remainingPoints, seconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}
