import { randomBytes } from 'node:crypto';
import { KeyEncryptionKeys } from '../../src/sealing/key-encryption-keys.js';
import { type MerchantKey, MerchantVault, type Place } from '../../src/sealing/merchant-vault.js';

export const OWNER = '507f1f77bcf86cd799439011';
export const STRANGER = '507f1f77bcf86cd799439099';

/** The key 00 01 02 … 1f, for known answers. */
export const COUNTING_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

export function aMerchantKey(given: Partial<MerchantKey> = {}): MerchantKey {
  return { id: 1, key: randomBytes(32), current: true, ...given };
}

export function aVault(
  given: { readonly merchantId?: string; readonly keys?: readonly MerchantKey[] } = {},
): MerchantVault {
  return new MerchantVault(given.merchantId ?? OWNER, given.keys ?? [aMerchantKey()]);
}

export function aPlace(given: Partial<Place> = {}): Place {
  return {
    table: 'addresses',
    rowId: '507f1f77bcf86cd799439021',
    customerId: '507f1f77bcf86cd799439031',
    ...given,
  };
}

/** Random key-encryption keys under these ids; the first one is current. */
export function someKeyEncryptionKeys(...ids: readonly [string, ...string[]]): KeyEncryptionKeys {
  return new KeyEncryptionKeys(ids[0], new Map(ids.map((id) => [id, randomBytes(32)])));
}

/** What `act` throws, for looking at all of it; fails when it throws nothing. */
export function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected an error, and nothing was thrown.');
}
