import { type Mode, scopes } from '../access/scopes.js';
import { newApiKey } from '../access/secret.js';
import type { Database } from '../db/database.js';
import type { Keyring } from '../sealing/keyring.js';
import type { IdGenerator, MerchantId } from '../shared/id.js';
import {
  countAllMerchants,
  insertFirstMerchant,
  insertMerchant,
  type NewMerchant,
} from './new-merchant.repository.js';

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

/** What a new merchant is to be. */
export interface MerchantWanted {
  readonly name: string;
  readonly mode: Mode;
  /** The partner whose keys may act for it; none by default. */
  readonly partnerId?: string | null;
}

/** Makes a merchant with its encryption key and its first API key. */
export async function createMerchant(
  making: MerchantMaking,
  wanted: MerchantWanted,
): Promise<CreatedMerchant> {
  const { merchant, key } = newMerchant(making, wanted);
  await insertMerchant(making.db, merchant);
  return { id: merchant.id, key };
}

/**
 * Gives a database that has no merchant its first one. Resolves to it; null when there is a merchant already.
 *
 * @param keep is given the key before the merchant is committed, so that a crash cannot lose it.
 */
export async function createFirstMerchant(
  making: MerchantMaking,
  wanted: MerchantWanted,
  keep: (key: string) => Promise<void>,
): Promise<CreatedMerchant | null> {
  const { merchant, key } = newMerchant(making, wanted);
  const created = await insertFirstMerchant(making.db, merchant, () => keep(key));
  return created ? { id: merchant.id, key } : null;
}

/** Whether the database has any merchant. */
export async function hasMerchants(db: Database): Promise<boolean> {
  return (await countAllMerchants(db)) > 0;
}

function newMerchant(
  { keyring, ids, now }: MerchantMaking,
  { name, mode, partnerId = null }: MerchantWanted,
): { merchant: NewMerchant; key: string } {
  const id = ids.next<MerchantId>();
  const keyId = ids.next<MerchantId>();
  const { key, ...apiKey } = newApiKey({ mode, merchantId: id }, keyId);
  const merchant: NewMerchant = {
    id,
    name,
    mode,
    partnerId,
    createdAt: now(),
    merchantKey: keyring.newMerchantKey(id),
    apiKey: { id: keyId, label: 'First key', ...apiKey, scopes },
  };
  return { merchant, key };
}
