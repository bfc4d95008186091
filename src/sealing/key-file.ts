import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { followLinks, LinkError } from '../shared/follow-links.js';
import { type KeyEncryptionKeys, MalformedKeysError, parseKeyEncryptionKeys } from './key-encryption-keys.js';
import { isExposed } from './key-file-mode.js';
import { KEY_BYTES } from './subkey.js';

// Windows has no way to flush a folder.
const IS_POSIX = process.platform !== 'win32';
const OWNER_ONLY = 0o600;

/** What is wrong with a key file: `MISSING` and `EXISTS` are the two that a first start may expect. */
export type KeyFileFault = 'MISSING' | 'EXISTS' | 'UNREADABLE' | 'UNWRITABLE' | 'EXPOSED' | 'MALFORMED';

/** A key file cannot be read or made. The message names the file and what to do, never what it holds. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly fault: KeyFileFault;

  constructor(fault: KeyFileFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * Reads the key-encryption keys (form: `parseKeyEncryptionKeys`) from a file that only its owner can reach.
 * Throws `KeyFileError`: `MISSING`, `UNREADABLE`, `EXPOSED` or `MALFORMED`.
 */
export async function readKeyFile(path: string): Promise<KeyEncryptionKeys> {
  const text = await readPrivateText(path);
  try {
    return parseKeyEncryptionKeys(text);
  } catch (error) {
    if (!(error instanceof MalformedKeysError)) throw error;
    throw new KeyFileError('MALFORMED', `The key file ${path} cannot be used: ${error.message}`);
  }
}

/**
 * Makes a key file with one random key (its id: 8 hexadecimal digits), mode 0600, and reads it back.
 * Never overwrites. The file appears whole and flushed to disk, or not at all: after a crash there may be a
 * `<path>.<random>.tmp` left over, as private as the file itself, that nothing reads and that may be deleted.
 * Throws `KeyFileError`: `EXISTS` or `UNWRITABLE`.
 */
export async function createKeyFile(path: string): Promise<KeyEncryptionKeys> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFlushed(temporary, newKeyDocument());
    // A link fails where the file exists; a rename would replace it, and with it the only key.
    await link(temporary, path);
    await flushFolder(dirname(path));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new KeyFileError('UNWRITABLE', `The key file ${path} cannot be written (${codeOf(error)}).`);
    const fault = await linkFault(path);
    throw fault === null
      ? new KeyFileError('EXISTS', `The key file ${path} exists already and was left as it is.`)
      : new KeyFileError('UNWRITABLE', `The key file cannot be made: ${fault}`);
  } finally {
    await rm(temporary, { force: true });
  }
  return readKeyFile(path);
}

function newKeyDocument(): string {
  const id = randomBytes(4).toString('hex');
  const keys = { [id]: randomBytes(KEY_BYTES).toString('base64') };
  return `${JSON.stringify({ current: id, keys }, null, 2)}\n`;
}

async function readPrivateText(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    // Asked of the open file: another one may stand at the path a moment later.
    if (await isExposed(path, await file.stat())) {
      throw new KeyFileError(
        'EXPOSED',
        `The key file ${path} is open to others than its owner: chmod 600 it.`,
      );
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    if (codeOf(error) === 'ENOENT') throw await missing(path);
    throw new KeyFileError('UNREADABLE', `The key file ${path} cannot be read (${codeOf(error)}).`);
  } finally {
    await file?.close();
  }
}

/** Not `MISSING` where a link stands, whose target may only be away for a time: nothing is to be made in its place. */
async function missing(path: string): Promise<KeyFileError> {
  const fault = await linkFault(path);
  return fault === null
    ? new KeyFileError('MISSING', `The key file ${path} does not exist.`)
    : new KeyFileError('UNREADABLE', `The key file cannot be read: ${fault}`);
}

/** What is wrong with the symbolic links that a path leads through; null: nothing. */
async function linkFault(path: string): Promise<string | null> {
  const error = await followLinks(path).catch((thrown: unknown) => thrown);
  return error instanceof LinkError ? error.message : null;
}

/** Writes a new file with mode 0600 and flushes it to disk; fails where there is one. */
export async function writeFlushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Flushes a folder to disk, so that a file which appeared in it stays. */
export async function flushFolder(path: string): Promise<void> {
  if (!IS_POSIX) return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The system's code of an error. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
