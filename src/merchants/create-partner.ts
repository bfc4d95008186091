import { type Mode, type Scope, scopes } from '../access/scopes.js';
import { newApiKey } from '../access/secret.js';
import type { Database } from '../db/database.js';
import type { IdGenerator, PartnerId } from '../shared/id.js';
import { insertPartner, insertPartnerKey } from './operator.repository.js';

/** What is needed to make a partner or a key; there is no request, and so no operation. */
export interface Making {
  readonly db: Database;
  readonly ids: IdGenerator;
  readonly now: () => Date;
}

/** Makes a partner with its first key, which may do everything for its merchants of that mode. */
export async function createPartner(
  making: Making,
  { name, mode }: { readonly name: string; readonly mode: Mode },
): Promise<{ readonly id: PartnerId; readonly key: string }> {
  const id = making.ids.next<PartnerId>();
  await insertPartner(making.db, { id, name, createdAt: making.now() });
  const { key } = await createPartnerKey(making, id, { label: 'First key', mode, scopes, expiresAt: null });
  return { id, key };
}

/** What a new key is to be. */
export interface KeyWanted {
  readonly label: string;
  readonly mode: Mode;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/** Makes a key of a partner; it is stored nowhere. */
export async function createPartnerKey(
  { db, ids, now }: Making,
  partnerId: string,
  { label, mode, scopes: given, expiresAt }: KeyWanted,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = ids.next<PartnerId>();
  const { key, preview, secretHash } = newApiKey({ mode, merchantId: null }, id);
  const createdAt = now();
  await insertPartnerKey(db, {
    id,
    partnerId,
    mode,
    label,
    preview,
    secretHash,
    scopes: [...given],
    createdAt,
    expiresAt,
  });
  return { id, key };
}
