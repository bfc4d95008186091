import { randomUUID } from 'node:crypto';
import { type Actor, ownerOf } from '../access/actor.js';
import type { Limits } from '../config/limits.js';
import type { Database } from '../db/database.js';
import { CountedQueries } from '../db/queries.js';
import { AnswerSize } from '../graphql-kit/answer-size.js';
import type { Context } from '../graphql-kit/context.js';
import type { Keyring } from '../sealing/keyring.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PaymentToken } from '../shared/id.js';
import type { HttpOptions } from './server.js';

/** What the contexts of all requests are made of. */
export interface ContextParts extends Pick<Context, 'provider' | 'now' | 'ids' | 'log'> {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly settings: { readonly limits: Limits; readonly search: MerchantScope['search'] };
}

/** Makes the function that makes a request's context. */
export function contextMaker(
  { db, keyring, ids, now, log, provider, settings }: ContextParts,
  planner: Context['planner'],
  forgetKeys: Context['forgetKeys'],
): HttpOptions['contextOf'] {
  const { cost, answerBytes } = settings.limits;
  const newToken = () => randomUUID() as string as PaymentToken;
  // What all requests have alike is the prototype of each one's context.
  const shared = { forgetKeys, provider, now, ids, newToken, log, planner };
  return async ({ requestId, actor, idempotencyKeys }) => {
    const queries = new CountedQueries(db.for(ownerOf(actor)));
    const own = {
      requestId,
      actor,
      merchant: await merchantScope(actor, keyring, settings.search),
      db: queries,
      isAuthorised: false,
      trace: {},
      idempotency: { headers: idempotencyKeys },
      outcome: {},
      cost: { requested: 0, limit: cost },
      answer: new AnswerSize({ objects: cost, bytes: answerBytes }),
    };
    const context: Context = Object.assign(Object.create(shared) as typeof shared, own);
    return { context, statements: () => queries.statements };
  };
}

async function merchantScope(
  actor: Actor,
  keyring: Keyring,
  search: MerchantScope['search'],
): Promise<MerchantScope | null> {
  if (actor.kind === 'anonymous' || actor.merchantId === null) return null;
  const { merchantId: id, mode } = actor;
  const onlyCustomer = actor.kind === 'customer-session' ? actor.customerId : null;
  return { id, vault: await keyring.forMerchant(id), owner: ownerOf(actor), mode, onlyCustomer, search };
}
