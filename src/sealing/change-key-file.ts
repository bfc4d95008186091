import { randomBytes } from 'node:crypto';
import { chown, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { followLinks, LinkError } from '../shared/follow-links.js';
import type { KeyEncryptionKeys } from './key-encryption-keys.js';
import { codeOf, flushFolder, KeyFileError, readKeyFile, writeFlushed } from './key-file.js';
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

/**
 * Replaces the file as a whole, flushed to disk: whoever reads it finds the old keys or the new ones. It keeps its
 * owner, and a symbolic link that leads to it stays one.
 */
async function replace(
  path: string,
  current: string,
  entries: readonly (readonly [string, Buffer])[],
): Promise<KeyEncryptionKeys> {
  const keys = Object.fromEntries(entries.map(([id, key]) => [id, key.toString('base64')]));
  try {
    const file = await followLinks(path);
    await replaceFile(file, `${JSON.stringify({ current, keys }, null, 2)}\n`);
  } catch (error) {
    const reason = error instanceof LinkError ? error.message : `${codeOf(error)}.`;
    throw new KeyFileError('UNWRITABLE', `The key file ${path} cannot be changed: ${reason}`);
  }
  return readKeyFile(path);
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFlushed(temporary, text);
    const [before, made] = await Promise.all([stat(file), stat(temporary)]);
    // By root, who may be another user than the server.
    if (made.uid !== before.uid || made.gid !== before.gid) await chown(temporary, before.uid, before.gid);
    await rename(temporary, file);
    await flushFolder(dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}
