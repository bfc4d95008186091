import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/database.js';
import {
  insertCheckValue,
  listCheckValues,
  listKeyEncryptionKeysInUse,
} from '../merchants/new-merchant.repository.js';
import type { KeyEncryptionKeys } from '../sealing/key-encryption-keys.js';
import { checkValueOf } from '../sealing/key-wrapping.js';

/** The key-encryption keys are not those of this database. Names ids only. */
export class WrongKeys extends Error {
  override readonly name = 'WrongKeys';
}

/**
 * Makes sure that the server has the key-encryption keys of this database, and remembers new ones.
 *
 * @throws WrongKeys when a key is not the one that the database knows by its id, or one in use is missing.
 */
export async function checkKeyEncryptionKeys(
  db: Database,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<void> {
  await assertKeyEncryptionKeys(db, keys);
  await rememberKeys(db, keys, now);
}

/** The same without remembering anything, for whoever only reads. Throws as `checkKeyEncryptionKeys`. */
export async function assertKeyEncryptionKeys(db: Database, keys: KeyEncryptionKeys): Promise<void> {
  for (const id of await listKeyEncryptionKeysInUse(db)) {
    if (!keys.ids.includes(id))
      throw new WrongKeys(`The key-encryption key "${id}" is in use and is missing.`);
  }
  await listNewKeys(db, keys);
}

/**
 * Remembers the check values of keys that the database has not seen yet.
 *
 * @throws WrongKeys when one is not the key that the database knows by its id.
 */
export async function rememberKeys(db: Database, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  for (const { id, checkValue } of await listNewKeys(db, keys))
    await insertCheckValue(db, { id, checkValue: Buffer.from(checkValue) }, now);
}

/** The keys that the database has not seen yet, with their check values. */
async function listNewKeys(db: Database, keys: KeyEncryptionKeys) {
  const known = await listCheckValues(db);
  return keys.ids.flatMap((id) => {
    const checkValue = checkValueOf(keys.keyOf(id));
    const expected = known.get(id);
    if (!expected) return [{ id, checkValue }];
    if (timingSafeEqual(checkValue, expected)) return [];
    throw new WrongKeys(`The key-encryption key "${id}" is not the one that this database was sealed with.`);
  });
}

/** Whether the database has never been sealed with any key. */
export async function isUnsealed(db: Database): Promise<boolean> {
  return (await listCheckValues(db)).size === 0;
}
