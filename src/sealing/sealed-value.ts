import type { MerchantVault, Place } from './merchant-vault.js';
import { IntegrityError } from './sealed-blob.js';

/** What a sealed blob held, or that it could not be opened. */
export type SealedValue<Value> =
  | { readonly state: 'open'; readonly value: Value }
  | { readonly state: 'unreadable'; readonly error: IntegrityError };

export function openedValue<Value>(value: Value): SealedValue<Value> {
  return { state: 'open', value };
}

/** Opens a blob in base64; one that does not open is a value too, so that the rest of a page can still be served. */
export function openSealed<Value>(vault: MerchantVault, place: Place, base64: string): SealedValue<Value> {
  try {
    return { state: 'open', value: vault.openBase64(place, base64) as Value };
  } catch (error) {
    if (error instanceof IntegrityError) return { state: 'unreadable', error };
    throw error;
  }
}

/** The value, or its `IntegrityError` thrown: what the resolver of a sealed field calls. */
export function readSealed<Value>(sealed: SealedValue<Value>): Value {
  if (sealed.state === 'unreadable') throw sealed.error;
  return sealed.value;
}
