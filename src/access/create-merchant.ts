import type { Database } from '../db/database.js';
import type { Keyring } from '../sealing/keyring.js';
import type { IdGenerator, MerchantId } from '../shared/id.js';
import { insertFirstMerchant, insertMerchant, type NewMerchant } from './access.repository.js';
import { type Mode, scopes } from './actor.js';
import { newApiKey } from './api-key.js';

/** What is needed to make a merchant; there is no request yet, and so no operation. */
export interface MerchantMaking {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly ids: IdGenerator;
  readonly now: () => Date;
}

/** A merchant and its first API key, which may do everything and is stored nowhere. */
export interface CreatedMerchant {
  readonly id: MerchantId;
  readonly key: string;
}

/** Makes a merchant with its encryption key and its first API key. */
export async function createMerchant(
  making: MerchantMaking,
  { name, mode }: { readonly name: string; readonly mode: Mode },
): Promise<CreatedMerchant> {
  const { merchant, key } = newMerchant(making, name, mode);
  await insertMerchant(making.db, merchant);
  return { id: merchant.id, key };
}

/**
 * Gives a database that has no merchant its first one, in test mode. Resolves to its API key; null when there is
 * a merchant already.
 *
 * @param keep is given the key before the merchant is committed, so that a crash cannot lose it.
 */
export async function createFirstMerchant(
  making: MerchantMaking,
  keep: (key: string) => Promise<void>,
): Promise<string | null> {
  const { merchant, key } = newMerchant(making, 'Sandbox merchant', 'test');
  const created = await insertFirstMerchant(making.db, merchant, () => keep(key));
  return created ? key : null;
}

function newMerchant(
  { keyring, ids, now }: MerchantMaking,
  name: string,
  mode: Mode,
): { merchant: NewMerchant; key: string } {
  const id = ids.next<MerchantId>();
  const keyId = ids.next<MerchantId>();
  const { key, ...apiKey } = newApiKey(mode, keyId);
  const merchant: NewMerchant = {
    id,
    name,
    mode,
    createdAt: now(),
    merchantKey: keyring.newMerchantKey(id),
    apiKey: { id: keyId, label: 'First key', ...apiKey, scopes },
  };
  return { merchant, key };
}
