import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';

/** How much one caller may ask, and one address guess. */
export interface RateLimitOptions {
  /** Requests a second a key or session. */
  readonly perSecond: number;
  /** Requests at once. */
  readonly burst: number;
  /** Wrong keys a minute an address. */
  readonly wrongKeysPerMinute: number;
  /** Counts for all servers together; null: each server counts for itself. */
  readonly redisUrl: string | null;
}

/** What is left of a budget after one more request. */
export interface Budget {
  readonly isSpent: boolean;
  readonly remaining: number;
  /** Until the budget is whole again, rounded up. */
  readonly seconds: number;
}

/** Counts requests by caller, and wrong keys by address. */
export interface RateLimits {
  /** Value of the header `ratelimit-policy`. */
  readonly policy: string;
  /** Counts a request of a caller. */
  countRequest(callerId: string): Promise<Budget>;
  /** Counts a wrong key that came from an address. */
  countWrongKey(address: string): Promise<Budget>;
  /** Takes back what was counted, for a key that turned out to be right. */
  forgiveWrongKey(address: string): void;
  close(): Promise<void>;
}

const MINUTE_S = 60;
const REDIS_MS = 250;

/**
 * Counts in memory or, with a Redis, for all servers together. While Redis does not answer each server counts for
 * itself: a limit that is too generous for a while is better than no service.
 */
export function createRateLimits(
  { perSecond, burst, wrongKeysPerMinute, redisUrl }: RateLimitOptions,
  log: Logger,
): RateLimits {
  const redis = redisUrl === null ? null : connect(redisUrl, log);
  // A burst at once, and then no more until the time is over in which the rate would have allowed as many.
  const window = Math.ceil(burst / perSecond);
  const requests = limiter(redis, {
    keyPrefix: 'vault:requests',
    points: perSecond * window,
    duration: window,
  });
  const wrongKeys = limiter(redis, {
    keyPrefix: 'vault:wrong-keys',
    points: wrongKeysPerMinute,
    duration: MINUTE_S,
  });
  return {
    policy: `"key";q=${perSecond * window};w=${window}`,
    countRequest: (callerId) => count(requests, callerId),
    countWrongKey: (address) => count(wrongKeys, address),
    // Nobody waits for it, and one that gets lost costs its address a guess.
    forgiveWrongKey: (address) => void wrongKeys.reward(address, 1).catch(() => undefined),
    close: async () => redis?.disconnect(),
  };
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

async function count(from: RateLimiterAbstract, key: string): Promise<Budget> {
  try {
    return toBudget(await from.consume(key), false);
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return toBudget(thrown, true);
    throw thrown;
  }
}

function toBudget({ remainingPoints, msBeforeNext }: RateLimiterRes, isSpent: boolean): Budget {
  return { isSpent, remaining: remainingPoints, seconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}
