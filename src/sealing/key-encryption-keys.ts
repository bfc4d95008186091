import { z } from 'zod';
import { KEY_BYTES } from './subkey.js';

const KEY_ID = /^[A-Za-z0-9-]{1,32}$/;
const documentSchema = z.strictObject({ current: z.string(), keys: z.record(z.string(), z.string()) });

/** A merchant's key was wrapped with a key-encryption key that this server does not have. Names its id only. */
export class UnknownKeyEncryptionKeyError extends Error {
  override readonly name = 'UnknownKeyEncryptionKeyError';
  readonly keyEncryptionKeyId: string;

  constructor(keyEncryptionKeyId: string) {
    super(`The key-encryption key ${JSON.stringify(keyEncryptionKeyId)} is not among this server's keys.`);
    this.keyEncryptionKeyId = keyEncryptionKeyId;
  }
}

/** Key-encryption keys are not written as they should be. `problem` is a sentence that quotes nothing. */
export class MalformedKeysError extends Error {
  override readonly name = 'MalformedKeysError';
}

/** The server's key-encryption keys: several, each of 32 bytes under its id, one current. Logs and JSON show no key. */
export class KeyEncryptionKeys {
  /** Id of the key that wraps new merchants' keys; the others only unwrap. */
  readonly current: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** Throws `UnknownKeyEncryptionKeyError` when `current` is not among `keys`. */
  constructor(current: string, keys: ReadonlyMap<string, Buffer>) {
    this.current = current;
    this.#keys = keys;
    this.keyOf(current);
  }

  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** The key with this id; throws `UnknownKeyEncryptionKeyError`. */
  keyOf(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key) throw new UnknownKeyEncryptionKeyError(id);
    return key;
  }
}

/**
 * Reads `{ "current": "<id>", "keys": { "<id>": "<base64 of 32 bytes>" } }`, from a key file or a variable.
 * Ids are 1 to 32 ASCII letters, digits and hyphens. Throws `MalformedKeysError`, which quotes nothing of `text`.
 */
export function parseKeyEncryptionKeys(text: string): KeyEncryptionKeys {
  const { current, keys } = parseDocument(text);
  const decoded = new Map<string, Buffer>();
  for (const [id, base64] of Object.entries(keys)) {
    if (!KEY_ID.test(id)) {
      throw new MalformedKeysError('An id of a key is not 1 to 32 letters, digits and hyphens.');
    }
    const key = Buffer.from(base64, 'base64');
    // Node's decoder skips what it does not know; a mistyped key must not become another key.
    if (key.length !== KEY_BYTES || key.toString('base64') !== base64) {
      throw new MalformedKeysError(`A key is not the base64 of ${KEY_BYTES} bytes.`);
    }
    decoded.set(id, key);
  }
  if (!decoded.has(current)) throw new MalformedKeysError('The current key is not among the keys.');
  return new KeyEncryptionKeys(current, decoded);
}

function parseDocument(text: string): z.infer<typeof documentSchema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new MalformedKeysError('It is not JSON.');
  }
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    throw new MalformedKeysError(
      'It is not of the form { "current": "<id>", "keys": { "<id>": "<base64>" } }.',
    );
  }
  return parsed.data;
}
