import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.js';
import { findApiKey, type StoredApiKey } from './access.repository.js';
import type { Actor } from './actor.js';
import { isSecret, parseAuthorization } from './api-key.js';

/** Tells who sends a request from its `Authorization` header. */
export type Authenticate = (authorization: string | undefined) => Promise<Actor>;

const anonymous: Actor = { kind: 'anonymous' };

// A revoked key stops working within this time on every server.
const CACHE_MS = 5_000;
const CACHED_KEYS = 10_000;

/**
 * Makes the function that authenticates requests. Keys are looked up at most every 5 seconds each, in a bounded
 * cache. A missing, wrong, malformed, expired or revoked key all make the caller anonymous.
 */
export function authenticator(db: Database, now: () => Date): Authenticate {
  const keys = new LRUCache<string, { readonly key: StoredApiKey | null }>({
    max: CACHED_KEYS,
    ttl: CACHE_MS,
    fetchMethod: async (id) => ({ key: await findApiKey(db, id) }),
  });
  return async (authorization) => {
    const parsed = parseAuthorization(authorization);
    if (!parsed) return anonymous;
    const found = keys.get(parsed.id) ?? (await keys.fetch(parsed.id));
    const key = found?.key;
    if (!key || key.mode !== parsed.mode || !isSecret(parsed.secret, key.secretHash)) return anonymous;
    if (key.revokedAt || (key.expiresAt && key.expiresAt <= now())) return anonymous;
    return { kind: 'api-key', keyId: key.id, merchantId: key.merchantId, scopes: key.scopes };
  };
}
