// Seals, opens and hashes a merchant's values in the vault's stored form, with libsodium and nothing around it. It is
// written apart from the vault's own, so that the data and the bare server do not hang on the vault's inner modules;
// `check-written.mjs` tells when the two are no longer the same.
import { readFile } from 'node:fs/promises';
import sodium from 'sodium-native';

const FORMAT = 1;
// A sealed blob: format (1), key id (4), nonce (24), ciphertext, tag (16).
const KEY_ID_AT = 1;
const NONCE_AT = 5;
const CIPHERTEXT_AT = 29;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const LONGEST = 16_384;

/** Number of each subkey of a merchant's key. */
const SEALING = 1;
const TERMS = 2;
const HASHES = {
  email: 4,
  phone: 5,
  reference: 6,
  'provider-token': 7,
  fingerprint: 8,
  'sandbox-token': 10,
};

// Memory for one value at a time: what is opened is read at once.
const blob = Buffer.alloc(LONGEST);
const nonce = blob.subarray(NONCE_AT, CIPHERTEXT_AT);
const ciphertextOf = viewsOf(blob, CIPHERTEXT_AT);
const opened = Buffer.alloc(LONGEST);
const plaintextOf = viewsOf(opened);
const input = Buffer.alloc(LONGEST);
const inputOf = viewsOf(input);
const termHash = Buffer.alloc(8);

/** Gives views of memory by their length, each made once: to make them takes a quarter of the time of opening a value. */
function viewsOf(memory, start = 0) {
  const views = new Map();
  return (length) => {
    const known = views.get(length);
    if (known) return known;
    const view = memory.subarray(start, start + length);
    views.set(length, view);
    return view;
  };
}

/** A text as bytes, until the next one. */
function bytesOf(text) {
  return inputOf(input.write(text));
}

/** A merchant with its id, and the key that its values are sealed with. */
export class Merchant {
  #sealingKey;
  #termsKey;
  #hashKeys;
  #bindings = new Map();

  constructor(id, key) {
    this.id = id;
    this.#sealingKey = subkeyOf(key, 'vault-mk', SEALING);
    this.#termsKey = subkeyOf(key, 'vault-mk', TERMS, 16);
    this.#hashKeys = Object.fromEntries(
      Object.entries(HASHES).map(([purpose, number]) => [purpose, subkeyOf(key, 'vault-mk', number)]),
    );
  }

  /** Seals a value, as JSON, for a row of a customer. */
  seal(table, rowId, customerId, value) {
    const plaintext = Buffer.from(JSON.stringify(value));
    const sealed = Buffer.alloc(CIPHERTEXT_AT + plaintext.length + TAG_BYTES);
    sealed[0] = FORMAT;
    sealed.writeUInt32BE(1, KEY_ID_AT);
    const ownNonce = sealed.subarray(NONCE_AT, CIPHERTEXT_AT);
    sodium.randombytes_buf(ownNonce);
    const bound = bytesOf(this.#bindingOf(table, rowId, customerId));
    const ciphertext = sealed.subarray(CIPHERTEXT_AT);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      ciphertext,
      plaintext,
      bound,
      null,
      ownNonce,
      this.#sealingKey,
    );
    return sealed;
  }

  /** Opens what was sealed for a row, given in hexadecimal digits. */
  open(table, rowId, customerId, hex) {
    const length = blob.write(hex, 'hex');
    const plaintext = plaintextOf(length - CIPHERTEXT_AT - TAG_BYTES);
    const bound = bytesOf(this.#bindingOf(table, rowId, customerId));
    decrypt(plaintext, ciphertextOf(length - CIPHERTEXT_AT), bound, nonce, this.#sealingKey);
    return JSON.parse(opened.toString('utf8', 0, plaintext.length));
  }

  /** Keyed hash of 32 bytes of what is compared as a whole. */
  hash(purpose, text) {
    const hash = Buffer.alloc(32);
    sodium.crypto_generichash(hash, bytesOf(text), this.#hashKeys[purpose]);
    return hash;
  }

  /** Keyed hashes of search terms as a literal of `bigint[]`. */
  hashTerms(terms) {
    const hashes = new BigInt64Array(terms.size);
    let count = 0;
    for (const term of terms) {
      sodium.crypto_shorthash(termHash, bytesOf(term), this.#termsKey);
      hashes[count++] = termHash.readBigInt64LE();
    }
    return `{${hashes.sort().join(',')}}`;
  }

  #bindingOf(table, rowId, customerId) {
    const known = this.#bindings.get(table) ?? bindingOf(this.id, table);
    this.#bindings.set(table, known);
    return `${known}|${rowId.length}:${rowId}|${customerId.length}:${customerId}`;
  }
}

/**
 * Opens a merchant's key with the key file.
 *
 * @param wanted its id; null: the only merchant's
 */
export async function openMerchant(client, keyFile, wanted = null) {
  const { rows } = await client.query(
    `select merchant_id, key_id, key_encryption_key_id, wrapped from merchant_keys
     where is_current and merchant_id = coalesce($1, merchant_id)`,
    [wanted],
  );
  const [{ merchant_id: id, key_id: keyId, key_encryption_key_id: keyEncryptionKeyId, wrapped }] = rows;
  const { keys } = JSON.parse(await readFile(keyFile, 'utf8'));
  const wrappingKey = subkeyOf(Buffer.from(keys[keyEncryptionKeyId], 'base64'), 'vault-ke', 1);
  const key = Buffer.alloc(KEY_BYTES);
  const bound = bytesOf(bindingOf('merchant-key', id, String(keyId)));
  decrypt(
    key,
    wrapped.subarray(CIPHERTEXT_AT),
    bound,
    wrapped.subarray(NONCE_AT, CIPHERTEXT_AT),
    wrappingKey,
  );
  return new Merchant(id, key);
}

function subkeyOf(key, context, number, bytes = KEY_BYTES) {
  const subkey = Buffer.alloc(bytes);
  sodium.crypto_kdf_derive_from_key(subkey, number, Buffer.from(context), key);
  return subkey;
}

/** What a value is bound to; each part behind its length. */
function bindingOf(...parts) {
  return [FORMAT, ...parts.map((part) => `${part.length}:${part}`)].join('|');
}

function decrypt(plaintext, ciphertext, bound, itsNonce, key) {
  sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, null, ciphertext, bound, itsNonce, key);
}
