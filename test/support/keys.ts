import { createMerchant } from '../../src/access/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { queryAs } from './database.js';
import type { TestVault } from './vault.js';

export interface MadeKey {
  readonly merchantId: string;
  /** The id in the middle of the key. */
  readonly id: string;
  readonly key: string;
  readonly headers: { readonly authorization: string };
}

/** A merchant of its own with a key that may do everything. */
export async function aKey({ database, keyring }: TestVault): Promise<MadeKey> {
  const now = () => new Date();
  const making = { db: database, keyring, ids: new IdGenerator(now), now };
  const { id: merchantId, key } = await createMerchant(making, { name: 'Someone', mode: 'test' });
  return { merchantId, id: key.split('_')[2] ?? '', key, headers: { authorization: `Bearer ${key}` } };
}

/** Changes how a key is stored, as its owner would; for example `revoked_at = now()`. */
export async function changeKey({ databaseUrl }: TestVault, { id }: MadeKey, assignment: string) {
  await queryAs(databaseUrl, `update api_keys set ${assignment} where id = $1`, [id]);
}
