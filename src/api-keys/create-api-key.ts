import { authorise } from '../access/authorise.js';
import type { Scope } from '../access/scopes.js';
import { newApiKey } from '../access/secret.js';
import type { Operation } from '../operation.js';
import type { ApiKeyId } from '../shared/id.js';
import { type Given, InputReader } from '../shared/input-reader.js';
import { type Result, succeed } from '../shared/result.js';
import { type ApiKey, checkKeyLabel } from './api-key.js';
import { changeKeys, keySecretOf } from './change-keys.js';
import { exceedsExpiry, exceedsScopes } from './exceeds.js';
import { insertApiKey } from './key-change.repository.js';

export interface CreateApiKeyInput {
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Given<Date>;
}

/** A key together with its secret, which is stored nowhere. */
export interface KeyWithSecret {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

/**
 * Makes a key of the merchant. It can do no more than the caller's own, and not for longer.
 *
 * Fails with every problem of the input, SCOPE_EXCEEDED among them.
 */
export async function createApiKey(op: Operation, input: CreateApiKeyInput): Promise<Result<KeyWithSecret>> {
  const merchant = authorise(op, 'keys.manage');
  const createdAt = op.now();
  const read = readKey(op, input, createdAt);
  if (!read.ok) return read;
  const id = op.ids.next<ApiKeyId>();
  const { key, preview, secretHash } = newApiKey({ mode: merchant.mode, merchantId: merchant.id }, id);
  const { label, scopes, expiresAt } = read.value;
  const createdBy = keySecretOf(op);
  const row = { id, label, preview, secretHash, scopes, createdAt, expiresAt, createdBy };
  await changeKeys(op, merchant, 'share', ({ transaction }) => insertApiKey(transaction, merchant, row));
  const apiKey: ApiKey = {
    __typename: 'ApiKey',
    id,
    label,
    preview,
    scopes,
    partner: false,
    createdAt,
    lastUsedAt: null,
    expiresAt,
    revokedAt: null,
    createdBy: createdBy.keyId,
  };
  return succeed({ apiKey, secret: key });
}

function readKey({ actor }: Operation, input: CreateApiKeyInput, now: Date) {
  const reader = new InputReader();
  const label = reader.required(['input', 'label'], input.label, checkKeyLabel);
  const scopes = [...new Set(input.scopes)];
  const expiresAt = input.expiresAt ?? null;
  if (scopes.length === 0) reader.report({ code: 'REQUIRED', field: ['input', 'scopes'] });
  if (exceedsScopes(actor, scopes)) reader.report({ code: 'SCOPE_EXCEEDED', field: ['input', 'scopes'] });
  if (expiresAt && expiresAt <= now) {
    reader.report({ code: 'INVALID', field: ['input', 'expiresAt'], message: 'It must be in the future.' });
  } else if (exceedsExpiry(actor, expiresAt)) {
    reader.report({ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] });
  }
  return reader.result({ label, scopes, expiresAt });
}
