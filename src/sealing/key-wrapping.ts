import { randombytes_buf } from 'sodium-native';
import { bindingOf, bufferOf, IntegrityError, keyIdOf, open, seal } from './sealed-blob.js';
import { KEY_BYTES, subkeyOf } from './subkey.js';

// Number of each subkey of a key-encryption key. Stored values depend on them: add, never renumber.
const WRAPPING = { number: 1 };
const CHECKING = { number: 2 };

/** Which of a merchant's keys is meant: the wrapped key is bound to both. `keyId` counts from 1. */
interface MerchantKeyName {
  readonly merchantId: string;
  readonly keyId: number;
}

/** A new random key of a merchant, 32 bytes. */
export function randomMerchantKey(): Buffer<ArrayBuffer> {
  const key = Buffer.alloc(KEY_BYTES);
  randombytes_buf(key);
  return key;
}

/** Wraps a merchant's key with a key-encryption key: a sealed blob of 77 bytes whose head names `keyId`. */
export function wrapMerchantKey(
  keyEncryptionKey: Buffer,
  name: MerchantKeyName,
  merchantKey: Buffer,
): Buffer<ArrayBuffer> {
  const wrappingKey = subkeyOf(keyEncryptionKey, 'key-encryption', WRAPPING);
  return seal(wrappingKey, name.keyId, bindingOfName(name), merchantKey);
}

/**
 * The merchant's key out of what `wrapMerchantKey` made.
 * Throws `IntegrityError` for another key-encryption key, merchant or key id, and for changed bytes.
 */
export function unwrapMerchantKey(
  keyEncryptionKey: Buffer,
  name: MerchantKeyName,
  wrapped: Uint8Array,
): Buffer<ArrayBuffer> {
  const blob = bufferOf(wrapped);
  if (keyIdOf(blob) !== name.keyId) throw new IntegrityError('UNKNOWN_KEY');
  return open(subkeyOf(keyEncryptionKey, 'key-encryption', WRAPPING), bindingOfName(name), blob);
}

/**
 * A value of 32 bytes that tells key-encryption keys apart and says nothing about them. Stored at the first
 * start and compared at every further one, it shows a wrong key before anything is sealed with it.
 */
export function checkValueOf(keyEncryptionKey: Buffer): Buffer<ArrayBuffer> {
  return subkeyOf(keyEncryptionKey, 'key-encryption', CHECKING);
}

function bindingOfName({ merchantId, keyId }: MerchantKeyName): string {
  return bindingOf('merchant-key', merchantId, String(keyId));
}
