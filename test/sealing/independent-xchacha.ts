import { createCipheriv, createDecipheriv } from 'node:crypto';

const TAG_BYTES = 16;

/** The arguments of XChaCha20-Poly1305: `key` 32 bytes, `nonce` 24, `sealed` ciphertext and tag. */
export interface SealedMessage {
  readonly key: Buffer;
  readonly nonce: Buffer;
  readonly additionalData: Buffer;
  readonly sealed: Buffer;
}

/**
 * Opens XChaCha20-Poly1305 with node:crypto, which has only the short nonce: the draft defines the long one
 * as HChaCha20 over its first 16 bytes, then ChaCha20-Poly1305 with four zeros and the last 8.
 */
export function openIndependently({ key, nonce, additionalData, sealed }: SealedMessage): Buffer {
  const shortNonce = Buffer.concat([Buffer.alloc(4), nonce.subarray(16)]);
  const subkey = hChaCha20(key, nonce.subarray(0, 16));
  const decipher = createDecipheriv('chacha20-poly1305', subkey, shortNonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData, { plaintextLength: sealed.length - TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** HChaCha20: the first and last four words of a ChaCha20 block, with its last step (adding the input) undone. */
function hChaCha20(key: Buffer, input: Buffer): Buffer {
  const block = createCipheriv('chacha20', key, input).update(Buffer.alloc(64));
  const before = Buffer.concat([Buffer.from('expand 32-byte k'), key, input]);
  const output = Buffer.alloc(32);
  for (const [index, word] of [0, 1, 2, 3, 12, 13, 14, 15].entries()) {
    output.writeUInt32LE((block.readUInt32LE(word * 4) - before.readUInt32LE(word * 4)) >>> 0, index * 4);
  }
  return output;
}
