import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, callerIdOf } from '../access/actor.js';
import type { Authenticate } from '../access/authenticate.js';
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
    const actor = await this.#authenticate({ authorization, merchant: merchant?.toString() });
    this.#actors.set(request, actor);
    const callerId = callerIdOf(actor);
    if (callerId === null) {
      // Whoever sends no key guesses none. A right key from the same address never comes here.
      const guesses = authorization === undefined ? null : await this.#limits.countWrongKey(request.ip);
      return guesses?.isSpent
        ? refuse(request, reply, guesses, 'Too many wrong keys. Wait a while.')
        : undefined;
    }
    const budget = await this.#limits.countRequest(callerId);
    reply.header('ratelimit-policy', this.#limits.policy);
    reply.header('ratelimit', `"key";r=${budget.remaining};t=${budget.seconds}`);
    return budget.isSpent ? refuse(request, reply, budget, 'Too many requests. Wait a while.') : undefined;
  };
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
