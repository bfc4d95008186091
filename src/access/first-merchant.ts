import type { Database } from '../db/database.js';
import type { Keyring } from '../sealing/keyring.js';
import type { IdGenerator, MerchantId } from '../shared/id.js';
import { insertFirstMerchant } from './access.repository.js';
import { scopes } from './actor.js';
import { newApiKey } from './api-key.js';

/**
 * Gives a database that has no merchant its first one, in test mode, with an API key that may do everything.
 * Resolves to the key, which is stored nowhere; null when there is a merchant already.
 *
 * @param keep is given the key before the merchant is committed, so that a crash cannot lose it.
 */
export async function createFirstMerchant(
  { db, keyring, ids, now }: { db: Database; keyring: Keyring; ids: IdGenerator; now: () => Date },
  keep: (key: string) => Promise<void>,
): Promise<string | null> {
  const id = ids.next<MerchantId>();
  const keyId = ids.next<MerchantId>();
  const { key, preview, secretHash } = newApiKey('test', keyId);
  const created = await insertFirstMerchant(
    db,
    {
      id,
      name: 'Sandbox merchant',
      mode: 'test',
      createdAt: now(),
      merchantKey: keyring.newMerchantKey(id),
      apiKey: { id: keyId, label: 'First key', preview, secretHash: Buffer.from(secretHash), scopes },
    },
    () => keep(key),
  );
  return created ? key : null;
}
