import { crypto_generichash, crypto_shorthash, sodium_memcmp } from 'sodium-native';
import { Scratch } from './scratch.js';
import {
  bindingOf,
  bufferOf,
  extendBinding,
  IntegrityError,
  keyIdOf,
  open,
  openBase64,
  seal,
} from './sealed-blob.js';
import { subkeyOf } from './subkey.js';

/** Where a sealed value stands: it opens nowhere else. For a customer's own row both ids are the same. */
export interface Place {
  readonly table: string;
  readonly rowId: string;
  readonly customerId: string;
}

/** One opened key of a merchant: `id` counts from 1, `key` has 32 bytes, exactly one is `current`. */
export interface MerchantKey {
  readonly id: number;
  readonly key: Buffer;
  readonly current: boolean;
}

// Number and length of each subkey. Stored hashes depend on them for ever: add, never renumber.
const SEALING = { number: 1 };
const TERMS = { number: 2, bytes: 16 };
const CURSORS = { number: 3 };
const HASHES = {
  email: { number: 4 },
  phone: { number: 5 },
  reference: { number: 6 },
  'provider-token': { number: 7 },
  fingerprint: { number: 8 },
  idempotency: { number: 9 },
  'sandbox-token': { number: 10 },
} as const;

/** What is hashed; the same value gives unrelated hashes for two purposes. */
export type HashPurpose = keyof typeof HASHES;

const HASH_BYTES = 32;
const CURSOR_TAG_BYTES = 16;

const TERM_BYTES = 512;
const term = new Scratch(TERM_BYTES);
const termHash = Buffer.alloc(8);

// A longer one is not even looked at.
const CURSOR_MAX_LENGTH = 512;

/**
 * Everything that one merchant's keys can do, synchronously.
 *
 * Sealing uses the current key and opening the one that the blob names, so a new current key leaves old
 * blobs readable. Hashes, search terms and cursors come from the merchant's first key (the lowest id) for
 * ever: stored hashes cannot be turned into those of another key without opening every row. So the first
 * key is never deleted, and replacing it means hashing everything anew.
 *
 * Keys are plain Buffers in private fields: out of reach of logs and JSON, not of a memory dump.
 */
export class MerchantVault {
  readonly #merchantId: string;
  readonly #sealingKeys = new Map<number, Buffer>();
  /** What bindings begin with, by table. */
  readonly #bindings = new Map<string, string>();
  readonly #currentKeyId: number;
  readonly #currentKey: Buffer;
  readonly #hashKeys: Readonly<Record<HashPurpose, Buffer>>;
  readonly #termsKey: Buffer;
  readonly #cursorKey: Buffer;

  /** Derives what it needs and keeps none of `keys`. Throws without a key, or with none or several current. */
  constructor(merchantId: string, keys: readonly MerchantKey[]) {
    const [first] = [...keys].sort((a, b) => a.id - b.id);
    const [current, ...furtherCurrent] = keys.filter((key) => key.current);
    if (!first || !current || furtherCurrent.length > 0) {
      throw new Error('A merchant needs at least one key, exactly one of them current.');
    }
    this.#merchantId = merchantId;
    for (const { id, key } of keys) this.#sealingKeys.set(id, subkeyOf(key, 'merchant', SEALING));
    this.#currentKeyId = current.id;
    this.#currentKey = this.#sealingKey(current.id);
    this.#termsKey = subkeyOf(first.key, 'merchant', TERMS);
    this.#cursorKey = subkeyOf(first.key, 'merchant', CURSORS);
    this.#hashKeys = {
      email: subkeyOf(first.key, 'merchant', HASHES.email),
      phone: subkeyOf(first.key, 'merchant', HASHES.phone),
      reference: subkeyOf(first.key, 'merchant', HASHES.reference),
      'provider-token': subkeyOf(first.key, 'merchant', HASHES['provider-token']),
      fingerprint: subkeyOf(first.key, 'merchant', HASHES.fingerprint),
      idempotency: subkeyOf(first.key, 'merchant', HASHES.idempotency),
      'sandbox-token': subkeyOf(first.key, 'merchant', HASHES['sandbox-token']),
    };
  }

  /**
   * Seals `value`, as JSON, for this place. What JSON drops (undefined, functions) is not kept.
   * An older blob of the same row still opens there: putting one back is not noticed.
   */
  seal(place: Place, value: object): Buffer<ArrayBuffer> {
    const plaintext = Buffer.from(JSON.stringify(value));
    return seal(this.#currentKey, this.#currentKeyId, this.#bindingOf(place), plaintext);
  }

  /**
   * Opens what `seal` made for the same place: the value as `JSON.parse` gives it.
   * Throws `IntegrityError` when the blob was changed, comes from elsewhere, or names an unknown key.
   */
  open(place: Place, blob: Uint8Array): unknown {
    const bytes = bufferOf(blob);
    const key = this.#sealingKey(keyIdOf(bytes));
    return parse(open(key, this.#bindingOf(place), bytes).toString());
  }

  /** The same of a blob in base64. */
  openBase64(place: Place, base64: string): unknown {
    return parse(openBase64(base64, this.#bindingOf(place), this.#sealingKey));
  }

  /** Keyed BLAKE2b of `value`, 32 bytes: equal for equal values of one merchant and purpose, else unrelated. */
  hash(purpose: HashPurpose, value: string): Buffer<ArrayBuffer> {
    const hash = Buffer.allocUnsafe(HASH_BYTES);
    crypto_generichash(hash, Buffer.from(value), this.#hashKeys[purpose]);
    return hash;
  }

  /**
   * Keyed hashes of search terms as the text of a PostgreSQL `bigint[]`, for example `{-7,12}`: as a
   * parameter one string is cheaper than an array of bigints. Each hash stands once and in ascending order,
   * so that nothing shows the order of a person's words, and equal sets give equal texts.
   *
   * SipHash-2-4: it gives just the 8 bytes that fit a `bigint`, is built as a pseudo-random function for
   * short inputs under a 128-bit key, and takes half the time of BLAKE2b. Two given terms share a hash by
   * chance once in 2^64. Kinds of term (a word, a metadata pair) are kept apart by the caller's prefixes.
   */
  termsLiteral(terms: Iterable<string>): string {
    const texts = [...new Set(terms)];
    const hashes = new BigInt64Array(texts.length);
    for (const [index, text] of texts.entries()) {
      const fits = text.length * 3 <= TERM_BYTES;
      const bytes = fits ? term.view(term.memory.write(text)) : Buffer.from(text);
      crypto_shorthash(termHash, bytes, this.#termsKey);
      hashes[index] = termHash.readBigInt64LE();
    }
    return `{${hashes.sort().join(',')}}`;
  }

  /**
   * Turns `payload` (at most 368 bytes of UTF-8) into an opaque cursor: base64url of payload and 16-byte tag.
   * It is authenticated and not encrypted: nothing that needs sealing goes into it.
   */
  sealCursor(payload: string): string {
    const bytes = Buffer.from(payload);
    const cursor = Buffer.concat([bytes, this.#cursorTagOf(bytes)]).toString('base64url');
    if (cursor.length > CURSOR_MAX_LENGTH) throw new RangeError('The payload of a cursor is too long.');
    return cursor;
  }

  /** The payload of a cursor that `sealCursor` made for this merchant; null for any other string. */
  openCursor(cursor: string): string | null {
    if (cursor.length > CURSOR_MAX_LENGTH) return null;
    const bytes = Buffer.from(cursor, 'base64url');
    // Node's decoder skips what it does not know, and one cursor must have one spelling.
    if (bytes.length < CURSOR_TAG_BYTES || bytes.toString('base64url') !== cursor) return null;
    const payload = bytes.subarray(0, -CURSOR_TAG_BYTES);
    const tag = bytes.subarray(-CURSOR_TAG_BYTES);
    return sodium_memcmp(tag, this.#cursorTagOf(payload)) ? payload.toString() : null;
  }

  #cursorTagOf(payload: Buffer): Buffer {
    const tag = Buffer.allocUnsafe(CURSOR_TAG_BYTES);
    crypto_generichash(tag, payload, this.#cursorKey);
    return tag;
  }

  #bindingOf({ table, rowId, customerId }: Place): string {
    let ofTable = this.#bindings.get(table);
    if (ofTable === undefined) {
      ofTable = bindingOf(this.#merchantId, table);
      this.#bindings.set(table, ofTable);
    }
    return extendBinding(ofTable, rowId, customerId);
  }

  readonly #sealingKey = (id: number): Buffer => {
    const key = this.#sealingKeys.get(id);
    if (!key) throw new IntegrityError('UNKNOWN_KEY');
    return key;
  };
}

function parse(plaintext: string): unknown {
  try {
    return JSON.parse(plaintext);
  } catch {
    // The parser's own message quotes the text.
    throw new IntegrityError('CONTENT');
  }
}
