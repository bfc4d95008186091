import type { Database } from '../db/database.js';
import { addCurrentKey, removeKey } from '../sealing/change-key-file.js';
import type { KeyEncryptionKeys } from '../sealing/key-encryption-keys.js';
import { readKeyFile } from '../sealing/key-file.js';
import { Keyring } from '../sealing/keyring.js';
import { rememberKeys } from './check-keys.js';
import {
  countByKeyEncryptionKey,
  listKeysNotWrappedWith,
  saveRewrapped,
  whileKeyFileIsLocked,
} from './encryption.repository.js';
import { merchantKeyStore } from './merchant-key-store.js';

/** What a rotation works on. */
export interface Encryption {
  readonly db: Database;
  readonly keyFile: string;
  readonly now: () => Date;
}

/** A key-encryption key and how many merchants' keys hang on it. */
export interface KeyInUse {
  readonly id: string;
  readonly current: boolean;
  readonly inFile: boolean;
  readonly merchantKeys: number;
}

const BATCH = 100;

/** What hangs on each key-encryption key, of the file and of the database; the current one comes last. */
export async function encryptionStatus(db: Database, keys: KeyEncryptionKeys): Promise<readonly KeyInUse[]> {
  const counts = await countByKeyEncryptionKey(db);
  const others = [...new Set([...keys.ids, ...counts.keys()])].filter((id) => id !== keys.current);
  return [...others, keys.current].map((id) => ({
    id,
    current: id === keys.current,
    inFile: keys.ids.includes(id),
    merchantKeys: counts.get(id) ?? 0,
  }));
}

/**
 * Puts a new current key-encryption key into the key file; an unfinished rotation's stays, to be finished first.
 * The file is on disk before anything is wrapped with its key.
 */
export async function ensureNewKey({
  db,
  keyFile,
  now,
}: Encryption): Promise<{ id: string; isNew: boolean }> {
  return whileKeyFileIsLocked(db, async () => {
    const keys = await readKeyFile(keyFile);
    const isUnfinished = (await listKeysNotWrappedWith(db, keys.current, 1)).length > 0;
    const changed = isUnfinished ? keys : await addCurrentKey(keyFile);
    await rememberKeys(db, changed, now());
    return { id: changed.current, isNew: !isUnfinished };
  });
}

/**
 * Wraps every merchant's key with the current key-encryption key. Readers notice nothing: what is wrapped stays the
 * same, and no customer's row is touched. Can be interrupted at any point and started again.
 *
 * @param progress is told how many are done, out of how many.
 */
export async function rewrapMerchantKeys(
  { db, keyFile }: Encryption,
  progress: (done: number, total: number) => void,
): Promise<number> {
  const keys = await readKeyFile(keyFile);
  const keyring = new Keyring(keys, merchantKeyStore(db));
  const counts = await countByKeyEncryptionKey(db);
  const total = [...counts].reduce((sum, [id, count]) => (id === keys.current ? sum : sum + count), 0);
  let done = 0;
  for (;;) {
    const batch = await listKeysNotWrappedWith(db, keys.current, BATCH);
    if (batch.length === 0) return done;
    for (const key of batch) {
      await saveRewrapped(db, key, keyring.rewrap(key.merchantId, key));
      done += 1;
      progress(done, total);
    }
  }
}

/** Why a key cannot be taken out of the key file. */
export type RemovalRefusal = 'UNKNOWN' | 'CURRENT' | 'IN_USE';

/** Takes a key that nothing hangs on out of the key file; null when it was done. */
export async function removeEncryptionKey(
  { db, keyFile }: Encryption,
  id: string,
): Promise<RemovalRefusal | null> {
  return whileKeyFileIsLocked(db, async () => {
    const keys = await readKeyFile(keyFile);
    if (!keys.ids.includes(id)) return 'UNKNOWN';
    if (id === keys.current) return 'CURRENT';
    if (((await countByKeyEncryptionKey(db)).get(id) ?? 0) > 0) return 'IN_USE';
    await removeKey(keyFile, id);
    return null;
  });
}
