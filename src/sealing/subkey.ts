import { crypto_kdf_derive_from_key } from 'sodium-native';

/** Length of every key that is drawn at random: key-encryption keys and merchants' keys. */
export const KEY_BYTES = 32;

// Stored blobs and hashes depend on contexts, numbers and lengths: they may grow, and never change.
const CONTEXTS = {
  'key-encryption': Buffer.from('vault-ke'),
  merchant: Buffer.from('vault-mk'),
} as const;

/**
 * Derives the subkey with this number from a 32-byte key (libsodium's `crypto_kdf`, keyed BLAKE2b).
 * Every use of a key gets a subkey of its own, so that what one use reveals says nothing about another.
 */
export function subkeyOf(
  key: Buffer,
  context: keyof typeof CONTEXTS,
  { number, bytes = KEY_BYTES }: { readonly number: number; readonly bytes?: number },
): Buffer<ArrayBuffer> {
  const subkey = Buffer.alloc(bytes);
  crypto_kdf_derive_from_key(subkey, number, CONTEXTS[context], key);
  return subkey;
}
