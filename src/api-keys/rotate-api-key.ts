import { newApiKey } from '../access/secret.js';
import type { Operation } from '../operation.js';
import { type ApiKeyId, parseId } from '../shared/id.js';
import { fail, type Problem, type Result, succeed } from '../shared/result.js';
import { findApiKey } from './api-key.repository.js';
import { changeKeys } from './change-keys.js';
import type { KeyWithSecret } from './create-api-key.js';
import { exceedsExpiry, exceedsScopes } from './exceeds.js';
import { rotateSecret } from './key-change.repository.js';
import { keyOwnerOf } from './list-api-keys.js';

export interface RotateApiKeyInput {
  readonly id: string;
  readonly overlapSeconds: number;
}

const MAX_OVERLAP_SECONDS = 604_800;

const noKey: Problem = { code: 'NOT_FOUND', field: ['input', 'id'] };
const revoked: Problem = { code: 'INVALID', field: ['input', 'id'], message: 'The key has been revoked.' };
const badOverlap: Problem = {
  code: 'INVALID',
  field: ['input', 'overlapSeconds'],
  message: `It must be 0 to ${MAX_OVERLAP_SECONDS}.`,
};

/**
 * Makes a new secret for a key. The old one is good for `overlapSeconds` more; the one before that no longer. The
 * sessions that a secret made end with it. What ends now ends at once on this server, and within 5 seconds elsewhere.
 *
 * Fails with NOT_FOUND, INVALID, or SCOPE_EXCEEDED: whoever gets a key's secret can do what the key can. So an old
 * secret, which ends with its overlap, rotates nothing that has no end.
 */
export async function rotateApiKey(
  op: Operation,
  { id, overlapSeconds }: RotateApiKeyInput,
): Promise<Result<KeyWithSecret>> {
  const owner = keyOwnerOf(op);
  const isOverlap = overlapSeconds >= 0 && overlapSeconds <= MAX_OVERLAP_SECONDS;
  const keyId = parseId<ApiKeyId>(id);
  const apiKey = keyId && (await findApiKey(op.db, owner, keyId));
  if (!apiKey) return fail(noKey, ...(isOverlap ? [] : [badOverlap]));
  if (!isOverlap) return fail(badOverlap);
  if (apiKey.revokedAt) return fail(revoked);
  if (exceedsScopes(op.actor, apiKey.scopes) || exceedsExpiry(op.actor, apiKey.expiresAt)) {
    return fail({ code: 'SCOPE_EXCEEDED', field: ['input', 'id'] });
  }
  const { id: merchantId, mode } = owner.merchant;
  const { key, secretHash } = newApiKey({ mode, merchantId: apiKey.partner ? null : merchantId }, apiKey.id);
  const until = overlapSeconds === 0 ? null : new Date(op.now().getTime() + overlapSeconds * 1_000);
  const rotated = await changeKeys(op, owner.merchant, 'no key update', ({ transaction, ended }) => {
    // With an overlap, too: the secret before the last is no longer good.
    ended.add(apiKey.id);
    return rotateSecret(transaction, owner, { id: apiKey.id, secretHash, until });
  });
  return rotated ? succeed({ apiKey, secret: key }) : fail(revoked);
}
