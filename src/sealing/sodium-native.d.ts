/** The part of sodium-native 5 that the vault uses; the package ships no types of its own. */
declare module 'sodium-native' {
  /** Fills `output` with random bytes of the operating system. */
  export function randombytes_buf(output: Uint8Array): void;

  /** Overwrites `buffer` with zeros in a way that the compiler does not optimise away. */
  export function sodium_memzero(buffer: Uint8Array): void;

  /** Compares two buffers of equal length in constant time. */
  export function sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean;

  /** BLAKE2b; `output` of 16 to 64 bytes, `key` of 16 to 64 bytes. */
  export function crypto_generichash(output: Uint8Array, input: Uint8Array, key: Uint8Array): void;

  /** SipHash-2-4; `output` of 8 bytes, `key` of 16 bytes. */
  export function crypto_shorthash(output: Uint8Array, input: Uint8Array, key: Uint8Array): void;

  /** Derives `subkey` (16 to 64 bytes) from `key` (32 bytes) by its number and an 8-byte context. */
  export function crypto_kdf_derive_from_key(
    subkey: Uint8Array,
    subkeyNumber: number,
    context: Uint8Array,
    key: Uint8Array,
  ): void;

  /** Writes ciphertext and tag (message length + 16) and returns how many bytes it wrote. */
  export function crypto_aead_xchacha20poly1305_ietf_encrypt(
    ciphertext: Uint8Array,
    message: Uint8Array,
    additionalData: Uint8Array,
    secretNonce: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;

  /** Writes the message (ciphertext length - 16) and returns its length; throws when the tag does not fit. */
  export function crypto_aead_xchacha20poly1305_ietf_decrypt(
    message: Uint8Array,
    secretNonce: null,
    ciphertext: Uint8Array,
    additionalData: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
}
