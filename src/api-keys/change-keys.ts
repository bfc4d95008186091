import { Forbidden, Unauthenticated } from '../access/authorise.js';
import type { Queries } from '../db/queries.js';
import type { Operation } from '../operation.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { type KeySecret, lockGoodSecret } from './key-change.repository.js';

/** The key and the secret that the request came with. */
export function keySecretOf({ actor }: Pick<Operation, 'actor'>): KeySecret {
  if (actor.kind !== 'api-key') throw new Forbidden();
  return { keyId: actor.id, isPartners: actor.partner !== null, secretVersion: actor.secretVersion };
}

/** What a change of keys is given. */
export interface KeyChange {
  readonly transaction: Queries;
  /** To be filled with the ids of keys that stop working, or one of whose secrets does. */
  readonly ended: Set<string>;
}

/**
 * Changes keys in one transaction, while the caller's own key cannot be revoked or rotated: otherwise a stolen secret
 * that has just been ended could go on for 5 seconds to make itself keys that last. Afterwards this server forgets
 * what it knew of the keys that ended, also where nobody knows whether they did.
 *
 * @param lock `share` where the caller's own key is not changed.
 * @throws Unauthenticated when the caller's secret is no longer good.
 */
export async function changeKeys<Value>(
  op: Operation,
  merchant: MerchantScope,
  lock: 'share' | 'no key update',
  change: (change: KeyChange) => Promise<Value>,
): Promise<Value> {
  const ended = new Set<string>();
  const own = keySecretOf(op);
  return op.db
    .transaction(async (transaction) => {
      if (!(await lockGoodSecret(transaction, merchant, own, { lock, at: op.now() })))
        throw new Unauthenticated();
      return change({ transaction, ended });
    })
    .finally(() => {
      if (ended.size > 0) op.forgetKeys(ended);
    });
}
