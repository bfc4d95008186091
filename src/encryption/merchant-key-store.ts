import type { Database } from '../db/database.js';
import { listWrappedKeys } from '../merchants/new-merchant.repository.js';
import type { MerchantKeyStore } from '../sealing/keyring.js';

/** The keyring's store: merchants' wrapped keys in the database. */
export function merchantKeyStore(db: Database): MerchantKeyStore {
  return { listWrappedKeys: (merchantId) => listWrappedKeys(db, merchantId) };
}
