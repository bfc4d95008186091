import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, type ApiKeyActor, ownerOf, type SessionActor } from '../access/actor.js';
import type { Authenticate, Credentials, Guesses } from '../access/authenticate.js';
import type { Budget, Guess, RateLimits } from './rate-limits.js';
import { errorBody } from './refusals.js';

const anonymous: Actor = { kind: 'anonymous' };
/** A key that was right when the request came is none. */
const noGuess: Guesses = { count: async () => ({ isSpent: false, forgive: () => {} }) };

/** Finds out who sends a request, before its body is read, and whether the caller may send one more. */
export class Admission {
  readonly #authenticate: Authenticate;
  readonly #limits: RateLimits;
  readonly #actors = new WeakMap<FastifyRequest, Actor>();

  constructor(authenticate: Authenticate, limits: RateLimits) {
    this.#authenticate = authenticate;
    this.#limits = limits;
  }

  /** Who sends a request that was let in. */
  actorOf(request: FastifyRequest): Actor {
    return this.#actors.get(request) ?? anonymous;
  }

  /**
   * Who sends a request whose turn has come. Its body may have arrived for 15 s and then have waited: a key that has
   * ended meanwhile is as good as none.
   */
  async actorNow(request: FastifyRequest): Promise<Actor> {
    return this.actorOf(request).kind === 'anonymous'
      ? anonymous
      : this.#authenticate(credentialsOf(request), noGuess);
  }

  /** Whose share of the server a request uses: the same as in the database, or that of all who have no key. */
  readonly sharerOf = (request: FastifyRequest): string => ownerOf(this.actorOf(request));

  /** To be run first: sends 429 itself to a caller who is over the limit. */
  readonly admit = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const credentials = credentialsOf(request);
    const guesses = new AddressGuesses(this.#limits, request.ip);
    const actor = await this.#authenticate(credentials, guesses);
    this.#actors.set(request, actor);
    if (actor.kind === 'anonymous') {
      // Whoever sends no key guesses none. A right key from the same address never comes here.
      if (credentials.authorization === undefined) return this.#admitUnknown(request, reply);
      const wrong = await guesses.count();
      return wrong.isSpent ? refuse(request, reply, wrong, 'Too many wrong keys. Wait a while.') : undefined;
    }
    const { name, budget } = await this.#countRequest(actor, reply);
    reply.header('ratelimit', `"${name}";r=${budget.remaining};t=${budget.seconds}`);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many requests. Wait a while.') : undefined;
  };

  /** To be run before an asset of this size is read: sends 429 itself to an address that has had too much. */
  async admitToAsset(
    request: FastifyRequest,
    reply: FastifyReply,
    bytes: number,
  ): Promise<FastifyReply | undefined> {
    const budget = await this.#limits.countAsset(request.ip, bytes);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many assets. Wait a while.') : undefined;
  }

  async #admitUnknown(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
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

function credentialsOf({ headers }: FastifyRequest): Credentials {
  return { authorization: headers.authorization, merchant: headers['vault-merchant']?.toString() };
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
