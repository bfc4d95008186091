import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Action } from './actions.js';

/** No key, or none that is good: the same answer for a missing, wrong, malformed, expired and revoked one. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
}

/** The caller is known and may not do this. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** Whether the caller may do this. */
export function mayDo({ actor }: Pick<Operation, 'actor'>, action: Action): boolean {
  return actor.kind !== 'anonymous' && actor.allowed.has(action);
}

/**
 * Makes sure that the caller may do this.
 *
 * @throws Unauthenticated without a good key, Forbidden when it may not.
 */
export function assertMayDo(op: Pick<Operation, 'actor'>, action: Action): void {
  if (op.actor.kind === 'anonymous') throw new Unauthenticated();
  if (!op.actor.allowed.has(action)) throw new Forbidden();
}

/**
 * The caller's merchant, whatever the caller may do for it.
 *
 * @throws Unauthenticated without a good key, Forbidden for a partner's key that acts for no merchant.
 */
export function merchantOf({
  actor,
  merchant,
}: Pick<Operation, 'merchant'> & Partial<Pick<Operation, 'actor'>>): MerchantScope {
  if (merchant !== null) return merchant;
  throw actor && actor.kind !== 'anonymous' ? new Forbidden() : new Unauthenticated();
}

/**
 * The merchant on whose behalf the caller may do this. A use case has no other way to a merchant, so it cannot
 * forget to ask.
 *
 * @throws Unauthenticated without a good key, Forbidden when the caller may not.
 */
export function authorise(op: Pick<Operation, 'actor' | 'merchant'>, action: Action): MerchantScope {
  assertMayDo(op, action);
  return merchantOf(op);
}
