import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyEncryptionKeys } from './key-encryption-keys.js';
import { flushFolder, readKeyFile, writeFlushed } from './key-file.js';
import { KEY_BYTES } from './subkey.js';

/** Adds a new random key to a key file and makes it the current one. Throws as `readKeyFile`. */
export async function addCurrentKey(path: string): Promise<KeyEncryptionKeys> {
  const keys = await readKeyFile(path);
  const current = randomBytes(4).toString('hex');
  return replace(path, current, [...entriesOf(keys), [current, randomBytes(KEY_BYTES)]]);
}

/** Takes a key that is not the current one out of a key file. Throws as `readKeyFile`. */
export async function removeKey(path: string, id: string): Promise<KeyEncryptionKeys> {
  const keys = await readKeyFile(path);
  return replace(
    path,
    keys.current,
    entriesOf(keys).filter(([known]) => known !== id),
  );
}

function entriesOf(keys: KeyEncryptionKeys): [string, Buffer][] {
  return keys.ids.map((id) => [id, keys.keyOf(id)]);
}

/** Replaces the file as a whole, flushed to disk: whoever reads it finds the old keys or the new ones. */
async function replace(
  path: string,
  current: string,
  entries: readonly (readonly [string, Buffer])[],
): Promise<KeyEncryptionKeys> {
  const keys = Object.fromEntries(entries.map(([id, key]) => [id, key.toString('base64')]));
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFlushed(temporary, `${JSON.stringify({ current, keys }, null, 2)}\n`);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
  return readKeyFile(path);
}
