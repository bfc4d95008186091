import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, type ApiKeyActor, ownerOf, type SessionActor } from '../access/actor.js';
import type { Authenticator, Credentials, Guesses } from '../access/authenticate.js';
import { readCredential } from '../access/credential-cache.js';
import { bearerOf } from '../access/secret.js';
import type { Budget, Guess, RateLimits } from './rate-limits.js';
import { errorBody } from './refusals.js';

/** What is known of the sender of a request. */
interface Caller {
  readonly credentials: Credentials;
  /** Anonymous until the request has been let in. */
  actor: Actor;
  sharer: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until it is first needed. */
    caller: Caller | null;
  }
}

const anonymous: Actor = { kind: 'anonymous' };
/** A key that was right when the request came is none. */
const noGuess: Guesses = { count: async () => ({ isSpent: false, forgive: () => {} }) };

/** Authenticates requests before their bodies are read, and counts them against the caller's rate limits. */
export class Admission {
  readonly #authenticator: Authenticator;
  readonly #limits: RateLimits;

  constructor(authenticator: Authenticator, limits: RateLimits) {
    this.#authenticator = authenticator;
    this.#limits = limits;
  }

  /** The sender of a request that `admit` has let through. */
  actorOf({ caller }: FastifyRequest): Actor {
    return caller?.actor ?? anonymous;
  }

  /**
   * The sender of a request that is about to be executed. Since it was admitted its body may have taken 15 s to arrive
   * and then have waited: a key that has been revoked meanwhile counts as none.
   */
  actorNow({ caller }: FastifyRequest): Actor | Promise<Actor> {
    if (!caller || caller.actor.kind === 'anonymous') return anonymous;
    return this.#authenticator.authenticate(caller.credentials, noGuess);
  }

  /**
   * Whose share of the server a request uses: the same as in the database, or that of all who have no key. Before a
   * request is authenticated, it is that of its credential if the server knows it.
   */
  readonly sharerOf = (request: FastifyRequest): string => {
    const caller = callerOf(request);
    caller.sharer ??= ownerOf(this.#authenticator.recognise(caller.credentials));
    return caller.sharer;
  };

  /** An `onRequest` hook; answers 429 itself to a caller over its limit. */
  readonly admit = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const caller = callerOf(request);
    const guesses = new AddressGuesses(this.#limits, request.ip);
    const actor = await this.#authenticator.authenticate(caller.credentials, guesses);
    caller.actor = actor;
    caller.sharer = ownerOf(actor);
    if (actor.kind === 'anonymous') return this.#countAnonymous(request, reply, guesses);
    const { name, budget } = await this.#countRequest(actor, reply);
    reply.header('ratelimit', `"${name}";r=${budget.remaining};t=${budget.seconds}`);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many requests. Wait a while.') : undefined;
  };

  /** Counts an asset of this size before it is read; answers 429 itself to an address over its limit. */
  async countAsset(
    request: FastifyRequest,
    reply: FastifyReply,
    bytes: number,
  ): Promise<FastifyReply | undefined> {
    const budget = await this.#limits.countAsset(request.ip, bytes);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many assets. Wait a while.') : undefined;
  }

  async #countAnonymous(
    request: FastifyRequest,
    reply: FastifyReply,
    guesses: AddressGuesses,
  ): Promise<FastifyReply | undefined> {
    // Without a key, or with one in another form, nothing was guessed. A right key never gets here.
    if (bearerOf(request.headers.authorization) !== null) {
      const wrong = await guesses.count();
      return wrong.isSpent ? refuse(request, reply, wrong, 'Too many wrong keys. Wait a while.') : undefined;
    }
    const budget = await this.#limits.countAnonymous(request.ip);
    return budget.isSpent
      ? refuse(request, reply, budget, 'Too many requests without a key. Wait a while.')
      : undefined;
  }

  /** A session has a budget of its own and spends its key's, too; the tighter one is told. */
  async #countRequest(actor: ApiKeyActor | SessionActor, reply: FastifyReply): Promise<Counted> {
    const { key, session } = this.#limits.policies;
    if (actor.kind === 'api-key') {
      reply.header('ratelimit-policy', key);
      return { name: 'key', budget: await this.#limits.countRequest(actor.id) };
    }
    reply.header('ratelimit-policy', `${key}, ${session}`);
    const own = await this.#limits.countSession(actor.id);
    // What is refused here is not taken from the key.
    if (own.isSpent) return { name: 'session', budget: own };
    const keys = await this.#limits.countRequest(actor.keyId);
    return keys.isSpent || keys.remaining < own.remaining
      ? { name: 'key', budget: keys }
      : { name: 'session', budget: own };
  }
}

/** The tightest budget that a request was taken from. */
interface Counted {
  readonly name: 'key' | 'session';
  readonly budget: Budget;
}

/** The wrong keys of one address, of which a request counts as one at most. */
class AddressGuesses implements Guesses {
  readonly #limits: RateLimits;
  readonly #address: string;
  #guess: Promise<Guess> | null = null;

  constructor(limits: RateLimits, address: string) {
    this.#limits = limits;
    this.#address = address;
  }

  count(): Promise<Guess> {
    this.#guess ??= this.#limits.countWrongKey(this.#address);
    return this.#guess;
  }
}

function callerOf(request: FastifyRequest): Caller {
  const { headers } = request;
  request.caller ??= {
    credentials: {
      presented: readCredential(bearerOf(headers.authorization)),
      merchant: headers['vault-merchant']?.toString(),
    },
    actor: anonymous,
    sharer: null,
  };
  return request.caller;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { seconds }: Budget,
  message: string,
): FastifyReply {
  return reply
    .code(429)
    .header('retry-after', String(seconds))
    .send(errorBody('RATE_LIMITED', message, request.id));
}
