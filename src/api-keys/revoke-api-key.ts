import type { Operation } from '../operation.js';
import { type ApiKeyId, parseId } from '../shared/id.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ApiKey } from './api-key.js';
import { findApiKey, type KeyOwner } from './api-key.repository.js';
import { changeKeys } from './change-keys.js';
import { revokeKey, revokeMadeBy } from './key-change.repository.js';
import { keyOwnerOf } from './list-api-keys.js';

export interface RevokeApiKeyInput {
  readonly id: string;
  readonly andDescendants: boolean;
}

/**
 * Revokes a key, its old secret and the sessions that it made, for good; at once on this server, and within 5 seconds
 * on every other. One that was revoked before stays as it is. With `andDescendants` the keys that it made go along,
 * also where it was revoked before, and those that these made.
 *
 * Fails with NOT_FOUND.
 */
export async function revokeApiKey(op: Operation, input: RevokeApiKeyInput): Promise<Result<ApiKey>> {
  const owner = keyOwnerOf(op);
  const id = parseId<ApiKeyId>(input.id);
  const apiKey = id && (await revoke(op, owner, { id, andDescendants: input.andDescendants }));
  return apiKey ? succeed(apiKey) : fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
}

function revoke(
  op: Operation,
  owner: KeyOwner,
  { id, andDescendants }: { readonly id: ApiKeyId; readonly andDescendants: boolean },
): Promise<ApiKey | null> {
  return changeKeys(op, owner.merchant, 'no key update', async ({ transaction, ended }) => {
    const at = op.now();
    await revokeKey(transaction, owner, { id, at });
    const apiKey = await findApiKey(transaction, owner, id);
    if (!apiKey) return null;
    ended.add(id);
    if (andDescendants) {
      for (const made of await revokeMadeBy(transaction, owner, { ...apiKey, at })) ended.add(made);
    }
    return apiKey;
  });
}
