import { LRUCache } from 'lru-cache';
import { sodium_memzero } from 'sodium-native';
import type { KeyEncryptionKeys } from './key-encryption-keys.js';
import { randomMerchantKey, unwrapMerchantKey, wrapMerchantKey } from './key-wrapping.js';
import { type MerchantKey, MerchantVault } from './merchant-vault.js';

const FIRST_KEY_ID = 1;

/** A merchant's key as it is stored: `keyId` counts from 1 within the merchant, `kekId` names the key that wrapped it. */
export interface WrappedMerchantKey {
  readonly keyId: number;
  readonly kekId: string;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  /** New blobs are sealed with this one; exactly one of a merchant's keys is current. */
  readonly current: boolean;
}

/** Where merchants' wrapped keys are kept: all of one merchant's, in any order. */
export interface MerchantKeyStore {
  listWrappedKeys(merchantId: string): Promise<readonly WrappedMerchantKey[]>;
}

export interface KeyringOptions {
  readonly maxMerchants?: number;
  /** Reads the key-encryption keys anew; asked when a merchant's key was wrapped with one that is not known yet. */
  readonly reload?: () => Promise<KeyEncryptionKeys>;
}

/**
 * Opens merchants' keys and remembers the last used ones, at most `maxMerchants`.
 * A vault that has been forgotten goes on working for whoever still holds it.
 */
export class Keyring {
  #keys: KeyEncryptionKeys;
  readonly #reload: (() => Promise<KeyEncryptionKeys>) | undefined;
  readonly #store: MerchantKeyStore;
  readonly #vaults: LRUCache<string, Promise<MerchantVault>>;

  constructor(
    keys: KeyEncryptionKeys,
    store: MerchantKeyStore,
    { maxMerchants = 1_000, reload }: KeyringOptions = {},
  ) {
    this.#keys = keys;
    this.#reload = reload;
    this.#store = store;
    this.#vaults = new LRUCache({ max: maxMerchants });
  }

  /**
   * The vault of one merchant; the store is asked once, however many callers wait, and again after a failure.
   * Rejects with `UnknownKeyEncryptionKeyError` when this server lacks the key that wrapped the merchant's,
   * with `IntegrityError` when a wrapped key does not open, and when the merchant has no keys.
   */
  forMerchant(merchantId: string): Promise<MerchantVault> {
    const known = this.#vaults.get(merchantId);
    if (known) return known;
    const loading = this.#load(merchantId);
    this.#vaults.set(merchantId, loading);
    loading.catch(() => {
      // A newer load may stand here by now.
      if (this.#vaults.peek(merchantId) === loading) this.#vaults.delete(merchantId);
    });
    return loading;
  }

  /** A first key for a new merchant, wrapped with the current key-encryption key, to be stored with the merchant. */
  newMerchantKey(merchantId: string): WrappedMerchantKey {
    const kekId = this.#keys.current;
    const name = { merchantId, keyId: FIRST_KEY_ID };
    const merchantKey = randomMerchantKey();
    const wrapped = wrapMerchantKey(this.#keys.keyOf(kekId), name, merchantKey);
    sodium_memzero(merchantKey);
    return { keyId: FIRST_KEY_ID, kekId, wrapped, current: true };
  }

  /** A merchant's key, wrapped anew with the current key-encryption key. Throws as `forMerchant` rejects. */
  rewrap(merchantId: string, wrapped: WrappedMerchantKey): WrappedMerchantKey {
    const { key } = this.#unwrap(merchantId, wrapped);
    const kekId = this.#keys.current;
    const name = { merchantId, keyId: wrapped.keyId };
    const rewrapped = wrapMerchantKey(this.#keys.keyOf(kekId), name, key);
    sodium_memzero(key);
    return { ...wrapped, kekId, wrapped: rewrapped };
  }

  async #load(merchantId: string): Promise<MerchantVault> {
    const stored = await this.#store.listWrappedKeys(merchantId);
    const unknown = stored.some(({ kekId }) => !this.#keys.ids.includes(kekId));
    if (unknown && this.#reload) this.#keys = await this.#reload();
    const opened = stored.map((key) => this.#unwrap(merchantId, key));
    const vault = new MerchantVault(merchantId, opened);
    for (const { key } of opened) sodium_memzero(key);
    return vault;
  }

  #unwrap(merchantId: string, { keyId, kekId, wrapped, current }: WrappedMerchantKey): MerchantKey {
    const key = unwrapMerchantKey(this.#keys.keyOf(kekId), { merchantId, keyId }, wrapped);
    return { id: keyId, key, current };
  }
}
