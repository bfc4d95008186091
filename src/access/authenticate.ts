import { LRUCache } from 'lru-cache';
import type { Queries } from '../db/queries.js';
import { type MerchantId, parseId } from '../shared/id.js';
import type { Actor } from './actor.js';
import type { Actors } from './actors.js';
import { isMerchantOfPartner } from './credential.repository.js';
import type { CredentialCache, Presented } from './credential-cache.js';
import type { KeyUsage } from './key-usage.js';

/** What a request says about who sends it: two of its headers. */
export interface Credentials {
  /** From `Authorization: Bearer …`; null where that holds no credential. */
  readonly presented: Presented | null;
  /** `Vault-Merchant`: for which merchant a partner's key acts. */
  readonly merchant: string | undefined;
}

/** The budget of wrong keys of the address that a request comes from. */
export interface Guesses {
  /** Takes one from the budget, before anything is looked up; `forgive` gives it back when it was no guess. */
  count(): Promise<{ readonly isSpent: boolean; forgive(): void }>;
}

/** Tells who sends a request. */
export interface Authenticator {
  /** The sender; at once where the credential has been looked up within 5 seconds. */
  authenticate(credentials: Credentials, guesses: Guesses): Actor | Promise<Actor>;
  /** Whose credential it is, as far as that is remembered; good for nothing but to tell one's requests from others'. */
  recognise(credentials: Credentials): Actor;
}

/** What is needed to authenticate. */
export interface Authentication {
  readonly db: Queries;
  readonly cache: CredentialCache;
  readonly usage: KeyUsage;
  readonly now: () => Date;
}

const anonymous: Actor = { kind: 'anonymous' };

// A merchant that is taken from a partner is out of its reach within this time on every server.
const CACHE_MS = 5_000;
const CACHED = 10_000;

/**
 * Makes what authenticates requests. A missing, wrong, malformed, expired or revoked key or session all
 * make the caller anonymous.
 *
 * A key that has been right here within 5 seconds is known. Any other is a guess until it is looked up, and is taken
 * from the budget of its address before: once that is spent, guesses share a few look-ups. So a wrong key costs the
 * same statements and the same time whether its id exists or not.
 */
export function authenticator({ db, cache, usage, now }: Authentication): Authenticator {
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

  const authenticate: Authenticator['authenticate'] = ({ presented, merchant }, guesses) => {
    if (!presented) return anonymous;
    const recalled = cache.recall(presented);
    if (recalled?.isFresh) return actAs(recalled.actors, merchant);
    // Whoever had the right secret a while ago guesses nothing.
    const found = recalled ? cache.lookUp(presented) : lookUpGuess(cache, presented, guesses);
    return found.then((actors) => (actors ? actAs(actors, merchant) : anonymous));
  };

  return {
    authenticate,
    recognise: ({ presented }) => (presented && cache.recall(presented)?.actors.own) ?? anonymous,
  };
}

/** Looks up what may be a guess; null for a wrong one, which stays counted. */
async function lookUpGuess(
  cache: CredentialCache,
  presented: Presented,
  guesses: Guesses,
): Promise<Actors | null> {
  // Takes no statement of its own. A right key that many requests bring at once is counted once.
  const joined = cache.isUnderWay(presented) ? await cache.lookUp(presented) : null;
  if (joined) return joined;
  const guess = await guesses.count();
  if (guess.isSpent) return cache.lookUpSlowly(presented);
  const actors = await cache.lookUp(presented);
  if (actors) guess.forgive();
  return actors;
}
