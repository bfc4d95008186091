import { LRUCache } from 'lru-cache';
import type { Queries } from '../db/queries.js';
import type { AccessRules } from './actions.js';
import { type Actors, actorsOf, actorsOfOldSecret } from './actors.js';
import type { StoredCredential } from './credential.repository.js';
import { CredentialLookUps } from './credential-look-ups.js';
import { hashSecret, isSameHash, type ParsedCredential, parseCredential } from './secret.js';

/** A credential that came with a request: the secret's hash in place of the secret. */
export interface Presented extends Omit<ParsedCredential, 'secret'> {
  readonly hash: Buffer;
}

/** A credential that was looked up, and when the look-up began. */
interface Known {
  readonly credential: StoredCredential;
  readonly own: Actors;
  readonly old: Actors | null;
  readonly round: number;
  readonly at: number;
}

/** What a request's secret is worth, and whether that may be believed without a look-up. */
export interface Remembered {
  readonly actors: Actors;
  readonly isFresh: boolean;
}

// What was revoked or rotated elsewhere stops working here within this time.
const FRESH_MS = 5_000;
const REMEMBERED = 10_000;
// So many changes are remembered one by one; then everything is looked up anew.
const CHANGES = 10_000;
const NO_HASH = Buffer.alloc(32);

/**
 * The keys and sessions whose right secret has been presented here lately. Only those are kept: guesses leave no trace
 * and push nobody out.
 *
 * Whoever changes a key says so by `forget`, after the change is committed: what was looked up before that, or is being
 * looked up, is believed no longer, and no session of that key either. The order is told by a counter, so that no
 * look-up that is under way can put an old secret back.
 */
export class CredentialCache {
  readonly #lookUps: CredentialLookUps;
  readonly #now: () => Date;
  readonly #rules: AccessRules;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
  /** Look-ups under way, by credential and secret: whoever guesses waits for nobody else's. */
  readonly #underWay = new Map<string, Promise<Known | null>>();
  /** The round in which each key was last changed here. */
  readonly #changes = new Map<string, number>();
  #round = 1;
  /** Nothing from before this round is believed. */
  #firstRound = 0;

  constructor(db: Queries, now: () => Date, rules: AccessRules) {
    this.#lookUps = new CredentialLookUps(db);
    this.#now = now;
    this.#rules = rules;
  }

  /** Keys have been changed on this server, and with them what their sessions may do. */
  forget(keyIds: Iterable<string>): void {
    this.#round += 1;
    for (const id of keyIds) this.#changes.set(id, this.#round);
    if (this.#changes.size <= CHANGES) return;
    this.#changes.clear();
    this.#firstRound = this.#round;
  }

  /** What is remembered of a credential whose secret this is; null: it is unknown here, or the secret is wrong. */
  recall(presented: Presented): Remembered | null {
    const known = this.#known.get(keyOf(presented)) ?? null;
    const actors = this.#check(presented, known);
    return known && actors && { actors, isFresh: this.#isFresh(known) };
  }

  /** Looks a credential up, together with others who present the same secret at this moment. */
  async lookUp(presented: Presented): Promise<Actors | null> {
    const key = `${keyOf(presented)} ${presented.hash.toString('base64')}`;
    const joined = this.#underWay.get(key);
    const known = await (joined ?? this.#begin(presented, key, this.#lookUps.find(presented)));
    // The key was changed after that look-up had begun, perhaps before this request came.
    if (joined && known && this.#isOutdated(known)) return this.lookUp(presented);
    return this.#check(presented, known);
  }

  /** Whether others who present the same secret wait for a look-up. */
  isUnderWay(presented: Presented): boolean {
    return this.#underWay.has(`${keyOf(presented)} ${presented.hash.toString('base64')}`);
  }

  /** The same in the next of the few look-ups that are left to an address that has guessed too often. */
  async lookUpSlowly(presented: Presented): Promise<Actors | null> {
    return this.#check(presented, await this.#finish(presented, this.#lookUps.findSlowly(presented)));
  }

  #begin(presented: Presented, key: string, found: Promise<StoredCredential | null>): Promise<Known | null> {
    const known = this.#finish(presented, found).finally(() => {
      if (this.#underWay.get(key) === known) this.#underWay.delete(key);
    });
    this.#underWay.set(key, known);
    return known;
  }

  async #finish(presented: Presented, found: Promise<StoredCredential | null>): Promise<Known | null> {
    const [round, at] = [this.#round, performance.now()];
    const credential = await found;
    const known = credential && {
      credential,
      own: actorsOf(credential, this.#rules),
      old: actorsOfOldSecret(credential, this.#rules),
      round,
      at,
    };
    this.#keep(presented, known, at);
    return known;
  }

  /** Keeps what a right secret was presented for, and brings up to date what is kept already. */
  #keep(presented: Presented, known: Known | null, at: number): void {
    const key = keyOf(presented);
    const before = this.#known.peek(key);
    // A look-up that began later has brought what is newer.
    if (before && before.at > at) return;
    if (known && (before || this.#check(presented, known))) this.#known.set(key, known);
    else this.#known.delete(key);
  }

  #isFresh(known: Known): boolean {
    return performance.now() - known.at < FRESH_MS && !this.#isOutdated(known);
  }

  #isOutdated({ round, credential }: Known): boolean {
    return round < this.#firstRound || round < (this.#changes.get(credential.keyId) ?? 0);
  }

  /** The actors of a secret that is good at this moment. Every wrong one is compared twice, so that time tells nothing. */
  #check({ hash, mode }: Presented, known: Known | null): Actors | null {
    const { credential } = known ?? {};
    const isOwn = isSameHash(hash, credential?.secretHash ?? NO_HASH);
    const isOld = isSameHash(hash, credential?.old?.secretHash ?? NO_HASH);
    if (!known || !credential || credential.mode !== mode || credential.revokedAt) return null;
    const now = this.#now();
    if (credential.expiresAt && credential.expiresAt <= now) return null;
    if (isOwn) return known.own;
    return isOld && credential.old && credential.old.until > now ? known.old : null;
  }
}

/** Reads what came as a credential, once a request; null where it is none. */
export function readCredential(text: string | null): Presented | null {
  const parsed = text === null ? null : parseCredential(text);
  if (!parsed) return null;
  const { secret, ...named } = parsed;
  return { ...named, hash: hashSecret(secret) };
}

/** With the merchant that it names, so that what was found for the right one is not believed of another. */
function keyOf({ kind, merchantId, id }: Presented): string {
  return `${kind} ${merchantId} ${id}`;
}
