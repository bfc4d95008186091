import type { MerchantScope } from '../sealing/merchant-scope.js';
import { ExpectedError } from '../shared/expected-error.js';
import type { Action, Refusal } from './actions.js';
import type { Actor } from './actor.js';

/** Who asks, and for which merchant. */
export interface Caller {
  readonly actor: Actor;
  /** The actor's merchant; use cases get it from `authorise`. */
  readonly merchant: MerchantScope | null;
}

/**
 * No key, or none that is good: the same answer for a missing, wrong, malformed, expired and revoked one. It tells the
 * form to all of them: some clients send a key bare, as the user of Basic, or in a header of its own.
 */
export class Unauthenticated extends ExpectedError {
  override readonly name = 'Unauthenticated';
  readonly code = 'UNAUTHENTICATED';
  readonly sentence = 'A valid API key is required: `Authorization: Bearer <key>`.';
}

/** The caller is known and may not do this. */
export class Forbidden extends ExpectedError {
  override readonly name = 'Forbidden';
  readonly code = 'FORBIDDEN';
  readonly sentence: string;
  override readonly extensions: Readonly<Record<string, unknown>>;

  /** @param refusal what the caller is told that it lacks. */
  constructor({ sentence, extensions = {} }: Refusal = { sentence: 'The caller may not do this.' }) {
    super();
    this.sentence = sentence;
    this.extensions = extensions;
  }
}

/** Whether the caller may do this. */
export function mayDo({ actor }: Pick<Caller, 'actor'>, action: Action): boolean {
  return actor.kind !== 'anonymous' && actor.allowed.has(action);
}

/** Whether the caller may do each of these. */
export function mayDoAll(caller: Pick<Caller, 'actor'>, actions: Iterable<Action>): boolean {
  for (const action of actions) if (!mayDo(caller, action)) return false;
  return caller.actor.kind !== 'anonymous';
}

/**
 * Makes sure that the caller may do this.
 *
 * @throws Unauthenticated without a good key, Forbidden when it may not.
 */
export function assertMayDo(op: Pick<Caller, 'actor'>, action: Action): void {
  if (op.actor.kind === 'anonymous') throw new Unauthenticated();
  if (!op.actor.allowed.has(action)) throw new Forbidden(op.actor.refusalOf(action));
}

/**
 * The caller's merchant, whatever the caller may do for it.
 *
 * @throws Unauthenticated without a good key, Forbidden for a partner's key that acts for no merchant.
 */
export function merchantOf({ actor, merchant }: Pick<Caller, 'merchant'> & Partial<Caller>): MerchantScope {
  if (merchant !== null) return merchant;
  throw actor && actor.kind !== 'anonymous' ? new Forbidden() : new Unauthenticated();
}

/**
 * The merchant on whose behalf the caller may do this. A use case has no other way to a merchant, so it cannot
 * forget to ask.
 *
 * @throws Unauthenticated without a good key, Forbidden when the caller may not.
 */
export function authorise(op: Caller, action: Action): MerchantScope {
  assertMayDo(op, action);
  return merchantOf(op);
}
