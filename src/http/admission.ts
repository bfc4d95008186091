import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, budgetsOf } from '../access/actor.js';
import type { Authenticate, Guesses } from '../access/authenticate.js';
import type { Budget, RateLimits } from './rate-limits.js';
import { errorBody } from './refusals.js';

const anonymous: Actor = { kind: 'anonymous' };

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

  /** To be run first: sends 429 itself to a caller who is over the limit. */
  readonly admit = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const { authorization } = request.headers;
    const merchant = request.headers['vault-merchant'];
    const guesses = new AddressGuesses(this.#limits, request.ip);
    const actor = await this.#authenticate({ authorization, merchant: merchant?.toString() }, guesses);
    this.#actors.set(request, actor);
    if (actor.kind === 'anonymous') {
      // Whoever sends no key guesses none. A right key from the same address never comes here.
      const wrong = authorization === undefined ? null : await guesses.count();
      return wrong?.isSpent ? refuse(request, reply, wrong, 'Too many wrong keys. Wait a while.') : undefined;
    }
    const budget = await this.#countRequest(budgetsOf(actor));
    reply.header('ratelimit-policy', this.#limits.policy);
    reply.header('ratelimit', `"key";r=${budget.remaining};t=${budget.seconds}`);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many requests. Wait a while.') : undefined;
  };

  /** Takes a request from each budget until one is spent; the tightest is told. */
  async #countRequest([callerId, ...others]: readonly string[]): Promise<Budget> {
    const budget = await this.#limits.countRequest(callerId as string);
    if (budget.isSpent || others.length === 0) return budget;
    const other = await this.#countRequest(others);
    return other.isSpent || other.remaining < budget.remaining ? other : budget;
  }
}

/** The wrong keys of one address, of which a request counts as one at most. */
class AddressGuesses implements Guesses {
  readonly #limits: RateLimits;
  readonly #address: string;
  #budget: Promise<Budget> | null = null;

  constructor(limits: RateLimits, address: string) {
    this.#limits = limits;
    this.#address = address;
  }

  count(): Promise<Budget> {
    this.#budget ??= this.#limits.countWrongKey(this.#address);
    return this.#budget;
  }

  forgive(): void {
    this.#limits.forgiveWrongKey(this.#address);
  }
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
