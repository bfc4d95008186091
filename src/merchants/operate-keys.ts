import { newApiKey } from '../access/secret.js';
import type { Database } from '../db/database.js';
import type { ApiKeyId } from '../shared/id.js';
import { createPartnerKey, type KeyWanted, type Making } from './create-partner.js';
import {
  insertMerchantKey,
  type KeyRecord,
  type KeysOwner,
  listKeys as listRows,
  type Revocation,
  revokeKey as revokeRow,
} from './operator.repository.js';

/** Makes a key of a merchant or a partner, with whatever scopes the operator says. It is stored nowhere. */
export async function createKey(
  making: Making,
  owner: KeysOwner,
  wanted: KeyWanted,
): Promise<{ readonly id: string; readonly key: string }> {
  if ('partnerId' in owner) return createPartnerKey(making, owner.partnerId, wanted);
  const id = making.ids.next<ApiKeyId>();
  const { label, mode, scopes, expiresAt } = wanted;
  const { merchantId } = owner;
  const { key, preview, secretHash } = newApiKey({ mode, merchantId }, id);
  const createdAt = making.now();
  const row = { merchantId, id, label, preview, secretHash, scopes: [...scopes], createdAt, expiresAt };
  await insertMerchantKey(making.db, row);
  return { id, key };
}

/** The keys of a merchant or a partner, oldest first. */
export async function listKeys(db: Database, owner: KeysOwner): Promise<readonly KeyRecord[]> {
  return listRows(db, owner);
}

/**
 * Revokes a key for good, and with `andDescendants` those that it made, within 5 seconds on every server. Gives the ids
 * of those that were good until now; null when the owner has no such key.
 */
export async function revokeKey(
  { db, now }: Making,
  owner: KeysOwner,
  { id, andDescendants }: Omit<Revocation, 'at'>,
): Promise<readonly string[] | null> {
  return revokeRow(db, owner, { id, andDescendants, at: now() });
}
