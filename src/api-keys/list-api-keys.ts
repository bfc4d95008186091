import { authorise } from '../access/authorise.js';
import type { Operation } from '../operation.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { ApiKey } from './api-key.js';
import { countApiKeys as countRows, type KeyOwner, listApiKeys as listRows } from './api-key.repository.js';

/**
 * Whose keys the caller may manage: the merchant's, and a partner's caller the partner's own too.
 *
 * @throws Unauthenticated, Forbidden
 */
export function keyOwnerOf(op: Operation): KeyOwner {
  const merchant = authorise(op, 'keys.manage');
  const partner = op.actor.kind === 'api-key' ? op.actor.partner : null;
  return { merchant, partnerId: partner?.id ?? null };
}

/** A page of keys, newest first; revoked and expired ones are in it. */
export async function listApiKeys(op: Operation, page: PageRequest): Promise<Page<ApiKey>> {
  return listRows(op.db, keyOwnerOf(op), page);
}

/** How many keys there are. */
export async function countApiKeys(op: Operation): Promise<number> {
  return countRows(op.db, keyOwnerOf(op));
}
