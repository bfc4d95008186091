import type { Operation } from '../operation.js';
import { type ApiKeyId, parseId } from '../shared/id.js';
import { fail, type Result, succeed } from '../shared/result.js';
import type { ApiKey } from './api-key.js';
import { findApiKey, revokeKey } from './api-key.repository.js';
import { keyOwnerOf } from './list-api-keys.js';

/**
 * Revokes a key, its old secret and the sessions that it made, for good; within 5 seconds on every server. One
 * that was revoked before stays as it is.
 *
 * Fails with NOT_FOUND.
 */
export async function revokeApiKey(op: Operation, { id }: { readonly id: string }): Promise<Result<ApiKey>> {
  const owner = keyOwnerOf(op);
  const keyId = parseId<ApiKeyId>(id);
  if (keyId) await revokeKey(op.db, owner, { id: keyId, at: op.now() });
  const apiKey = keyId && (await findApiKey(op.db, owner, keyId));
  return apiKey ? succeed(apiKey) : fail({ code: 'NOT_FOUND', field: ['input', 'id'] });
}
