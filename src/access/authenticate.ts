import { LRUCache } from 'lru-cache';
import type { Queries } from '../db/queries.js';
import { type MerchantId, parseId } from '../shared/id.js';
import type { Actor } from './actor.js';
import { type Actors, actorsOf } from './actors.js';
import {
  findApiKey,
  findCustomerSession,
  isMerchantOfPartner,
  type StoredCredential,
} from './credential.repository.js';
import type { KeyUsage } from './key-usage.js';
import { isSecret, type ParsedCredential, parseAuthorization } from './secret.js';

/** What a request says about who sends it: two of its headers. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** `Vault-Merchant`: for which merchant a partner's key acts. */
  readonly merchant: string | undefined;
}

/** Tells who sends a request; at once where it is remembered. */
export type Authenticate = (credentials: Credentials) => Actor | Promise<Actor>;

interface Known {
  readonly credential: StoredCredential;
  readonly actors: Actors;
}

const anonymous: Actor = { kind: 'anonymous' };

// A revoked key stops working within this time on every server.
const CACHE_MS = 5_000;
const CACHED = 10_000;
const NO_SECRET = Buffer.alloc(32);

/**
 * Makes the function that authenticates requests. Keys and sessions are looked up at most every 5 seconds each, in
 * a bounded cache. A missing, wrong, malformed, expired or revoked one all make the caller anonymous.
 */
export function authenticator(db: Queries, now: () => Date, usage: KeyUsage): Authenticate {
  const credentials = new LRUCache<string, { readonly known: Known | null }, ParsedCredential>({
    max: CACHED,
    ttl: CACHE_MS,
    fetchMethod: async (_key, _stale, { context: { kind, id } }) => {
      const find = kind === 'api-key' ? findApiKey : findCustomerSession;
      const credential = await find(db, id);
      return { known: credential && { credential, actors: actorsOf(credential) } };
    },
  });
  const partners = new LRUCache<string, { readonly belongs: boolean }, Actor & { kind: 'api-key' }>({
    max: CACHED,
    ttl: CACHE_MS,
    fetchMethod: async (key, _stale, { context: { partner, mode } }) => {
      const merchantId = key.slice(-24) as MerchantId;
      return {
        belongs: partner !== null && (await isMerchantOfPartner(db, partner.id, { merchantId, mode })),
      };
    },
  });

  const keyOf = ({ kind, id }: ParsedCredential) => `${kind} ${id}`;

  /** The actors of a credential that is good at this moment. */
  const check = (parsed: ParsedCredential, known: Known | null): Actors | null => {
    const isRight = hasSecret(parsed, known?.credential ?? null, now());
    return known && isRight && isGood(known.credential, parsed, now()) ? known.actors : null;
  };

  const actAs = (actors: Actors, header: string | undefined): Actor | Promise<Actor> => {
    const { own } = actors;
    if (own.kind === 'api-key') usage.note(own.id, own.merchantId, now());
    if (header === undefined) return own;
    const merchantId = parseId<MerchantId>(header);
    if (own.kind !== 'api-key' || own.partner === null)
      return own.merchantId === merchantId ? own : actors.powerless;
    if (merchantId === null) return actors.powerless;
    const key = `${own.partner.id} ${own.mode} ${merchantId}`;
    const act = (found?: { belongs: boolean }) =>
      found?.belongs ? actors.forMerchant(merchantId) : actors.powerless;
    const found = partners.get(key);
    return found ? act(found) : partners.fetch(key, { context: own }).then(act);
  };

  const lookUp = async (
    parsed: ParsedCredential,
    header: string | undefined,
    forceRefresh: boolean,
  ): Promise<Actor> => {
    const found = await credentials.fetch(keyOf(parsed), { context: parsed, forceRefresh });
    const actors = check(parsed, found?.known ?? null);
    return actors ? actAs(actors, header) : anonymous;
  };

  return ({ authorization, merchant }) => {
    const parsed = parseAuthorization(authorization);
    if (!parsed) return anonymous;
    const cached = credentials.get(keyOf(parsed));
    if (cached === undefined) return lookUp(parsed, merchant, false);
    const actors = check(parsed, cached.known);
    if (actors) return actAs(actors, merchant);
    // The key may have been rotated since. Whoever guesses waits for one look-up at a time.
    const isOther = cached.known !== null && !hasSecret(parsed, cached.known.credential, now());
    return isOther ? lookUp(parsed, merchant, true) : anonymous;
  };
}

/** Whether the secret is the credential's, or was until a rotation whose overlap still lasts. */
function hasSecret({ secret }: ParsedCredential, credential: StoredCredential | null, now: Date): boolean {
  // Compared even where there is nothing to compare with, so that the time does not tell.
  if (isSecret(secret, credential?.secretHash ?? NO_SECRET)) return credential !== null;
  const old = credential?.old;
  return old ? old.until > now && isSecret(secret, old.secretHash) : false;
}

function isGood(
  { mode, revokedAt, expiresAt }: StoredCredential,
  parsed: ParsedCredential,
  now: Date,
): boolean {
  return mode === parsed.mode && revokedAt === null && (expiresAt === null || expiresAt > now);
}
