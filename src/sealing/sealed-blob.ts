import {
  crypto_aead_xchacha20poly1305_ietf_decrypt as aeadDecrypt,
  crypto_aead_xchacha20poly1305_ietf_encrypt as aeadEncrypt,
  randombytes_buf,
} from 'sodium-native';
import { Scratch } from './scratch.js';

// A sealed blob is `format (1) | key id (4, big-endian) | nonce (24) | ciphertext | tag (16)`.
// The algorithm is XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): its nonce is long enough to be drawn
// at random for every blob, for ever, by any number of servers, without counting.
const FORMAT = 0x01;
const KEY_ID_AT = 1;
const NONCE_AT = 5;
const CIPHERTEXT_AT = 29;
const TAG_BYTES = 16;

/** Bytes that sealing adds to a plaintext. */
export const SEALED_OVERHEAD = CIPHERTEXT_AT + TAG_BYTES;

/** Why a blob does not open. `TAG` covers a changed blob, a blob from another place, and another key. */
export type IntegrityFault = 'FORMAT' | 'LENGTH' | 'UNKNOWN_KEY' | 'TAG' | 'CONTENT';

const SENTENCES: Readonly<Record<IntegrityFault, string>> = {
  FORMAT: 'A sealed value has an unknown format.',
  LENGTH: 'A sealed value is too short.',
  UNKNOWN_KEY: 'A sealed value names a key that is not there.',
  TAG: 'A sealed value was changed, or belongs to another place or key.',
  CONTENT: 'A sealed value opened, but does not hold what it should.',
};

/** A sealed value cannot be trusted. Carries the kind of fault and nothing of the value, its place or its key. */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError';
  readonly fault: IntegrityFault;

  constructor(fault: IntegrityFault) {
    super(SENTENCES[fault]);
    this.fault = fault;
  }
}

/**
 * Encodes where a blob belongs, as additional data: `1|24:507f1f77bcf86cd799439011|9:customers`.
 * Each part is preceded by its length in UTF-16 units, so two different lists never give the same text.
 */
export function bindingOf(...parts: readonly string[]): string {
  return extendBinding(String(FORMAT), ...parts);
}

/** The binding of further parts behind those of `binding`. */
export function extendBinding(binding: string, ...parts: readonly string[]): string {
  let extended = binding;
  for (const part of parts) extended += `|${part.length}:${part}`;
  return extended;
}

/** The same memory as a Buffer, not copied: database drivers hand out plain `Uint8Array`s. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Seals `plaintext` under a 32-byte key, with a fresh random nonce.
 * The blob names `keyId` (an unsigned 32-bit integer), and opens only with the same `binding`.
 */
export function seal(key: Buffer, keyId: number, binding: string, plaintext: Buffer): Buffer<ArrayBuffer> {
  const blob = Buffer.allocUnsafe(plaintext.length + SEALED_OVERHEAD);
  blob[0] = FORMAT;
  blob.writeUInt32BE(keyId, KEY_ID_AT);
  const nonce = blob.subarray(NONCE_AT, CIPHERTEXT_AT);
  drawNonce(nonce);
  aeadEncrypt(blob.subarray(CIPHERTEXT_AT), plaintext, Buffer.from(binding), null, nonce, key);
  return blob;
}

// The system is asked for many nonces at once: asking takes longer than sealing a short value.
const nonces = Buffer.alloc((CIPHERTEXT_AT - NONCE_AT) * 128);
let drawn = nonces.length;

function drawNonce(into: Buffer): void {
  if (drawn === nonces.length) {
    randombytes_buf(nonces);
    drawn = 0;
  }
  drawn += nonces.copy(into, 0, drawn, drawn + into.length);
}

/**
 * The id of the key that `blob` was sealed under. It is not authenticated until the blob has opened.
 * Throws `IntegrityError` for a blob that is too short or of another format.
 */
export function keyIdOf(blob: Buffer): number {
  return keyIdIn(blob, blob.length);
}

function keyIdIn(memory: Buffer, length: number): number {
  if (length < SEALED_OVERHEAD) throw new IntegrityError('LENGTH');
  if (memory[0] !== FORMAT) throw new IntegrityError('FORMAT');
  return memory.readUInt32BE(KEY_ID_AT);
}

/**
 * Opens `blob`, whose head `keyIdOf` has read, with the key that it names.
 * Throws `IntegrityError` with the fault `TAG` when a byte was changed, or key or binding are not those it was sealed with.
 */
export function open(key: Buffer, binding: string, blob: Buffer): Buffer<ArrayBuffer> {
  const plaintext = Buffer.allocUnsafe(blob.length - SEALED_OVERHEAD);
  const nonce = blob.subarray(NONCE_AT, CIPHERTEXT_AT);
  try {
    aeadDecrypt(plaintext, null, blob.subarray(CIPHERTEXT_AT), Buffer.from(binding), nonce, key);
  } catch {
    throw new IntegrityError('TAG');
  }
  return plaintext;
}

/** The longest base64 that is opened without memory of its own. */
const LONGEST = 8_192;

const blobs = new Scratch(LONGEST, CIPHERTEXT_AT);
const nonceOfBlob = blobs.memory.subarray(NONCE_AT, CIPHERTEXT_AT);
const bindings = new Scratch(LONGEST);
const plaintexts = new Scratch(LONGEST);

/**
 * Opens a blob in base64 to the text that was sealed. A page of customers opens hundreds of them, so nothing is made
 * for it but that text.
 *
 * @param keyOf the key that the blob names.
 * @throws IntegrityError
 */
export function openBase64(base64: string, binding: string, keyOf: (id: number) => Buffer): string {
  if (base64.length > LONGEST || binding.length > LONGEST / 3) {
    const blob = Buffer.from(base64, 'base64');
    return open(keyOf(keyIdOf(blob)), binding, blob).toString();
  }
  const length = blobs.memory.write(base64, 0, 'base64');
  const key = keyOf(keyIdIn(blobs.memory, length));
  const ciphertext = blobs.view(length - CIPHERTEXT_AT);
  const plaintext = plaintexts.view(length - SEALED_OVERHEAD);
  const bound = bindings.view(bindings.memory.write(binding, 0));
  try {
    aeadDecrypt(plaintext, null, ciphertext, bound, nonceOfBlob, key);
  } catch {
    throw new IntegrityError('TAG');
  }
  return plaintexts.memory.toString('utf8', 0, plaintext.length);
}
