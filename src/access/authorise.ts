import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Scope } from './actor.js';

/** No key, or none that is good: the same answer for a missing, wrong, malformed, expired and revoked one. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
}

/** The key is good and may not do this. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** Every action there is and the scopes that it takes. What is not in this table does not type-check. */
const actions = {
  'customers.read': ['CUSTOMERS_READ'],
  'customers.read-by-token': ['CUSTOMERS_READ', 'TOKENS_READ'],
  'customers.write': ['CUSTOMERS_WRITE'],
  'customers.delete': ['CUSTOMERS_WRITE', 'CUSTOMERS_DELETE'],
  'payment-methods.read': ['PAYMENT_METHODS_READ'],
  'payment-methods.read-by-token': ['PAYMENT_METHODS_READ', 'TOKENS_READ'],
  'payment-methods.write': ['PAYMENT_METHODS_WRITE'],
  'tokens.read': ['TOKENS_READ'],
  'tokens.resolve': ['TOKENS_READ'],
  'nodes.read': ['CUSTOMERS_READ', 'PAYMENT_METHODS_READ'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Action = keyof typeof actions;

/**
 * The caller's merchant, whatever the caller may do for it.
 *
 * @throws Unauthenticated without a good key.
 */
export function merchantOf({ merchant }: Pick<Operation, 'merchant'>): MerchantScope {
  if (merchant === null) throw new Unauthenticated();
  return merchant;
}

/**
 * The merchant on whose behalf the caller may do this. A use case has no other way to a merchant, so it cannot
 * forget to ask.
 *
 * @throws Unauthenticated without a good key, Forbidden when the key lacks a scope.
 */
export function authorise(op: Operation, action: Action): MerchantScope {
  const { actor } = op;
  const merchant = merchantOf(op);
  if (actor.kind === 'anonymous') throw new Unauthenticated();
  if (!actions[action].every((scope) => actor.scopes.has(scope))) throw new Forbidden();
  return merchant;
}
