import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { followLinks } from './follow-links.js';

const OWNER_ONLY = 0o600;

/**
 * Writes a file that only its owner can read, whole or not at all; makes its folder when there is none. Where a
 * symbolic link stands, the file that it leads to is written.
 *
 * @throws LinkError when that cannot be.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await followLinks(path);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(temporary, text, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  await rename(temporary, file);
}

/** The text of a file without white space at its ends; null when there is no such file. */
export async function readPrivateFile(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
