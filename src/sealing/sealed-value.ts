import type { MerchantVault, Place } from './merchant-vault.js';
import { IntegrityError } from './sealed-blob.js';

/** What a sealed blob held, or that it could not be opened. */
export type SealedValue<Value> =
  | { readonly state: 'open'; readonly value: Value; readonly shown: Shown<Value> }
  | { readonly state: 'unreadable'; readonly error: IntegrityError; readonly shown: Shown<Value> };

/** The fields of a value, each of them the error where it could not be opened: GraphQL answers such a field with it. */
export type Shown<Value> = { readonly [Name in keyof Value]: Value[Name] | IntegrityError };

export function openedValue<Value>(value: Value): SealedValue<Value> {
  return { state: 'open', value, shown: value };
}

/** Opens a blob in base64; one that does not open is a value too, so that the rest of a page can still be served. */
export function openSealed<Value>(vault: MerchantVault, place: Place, base64: string): SealedValue<Value> {
  try {
    return openedValue(vault.openBase64(place, base64) as Value);
  } catch (error) {
    if (error instanceof IntegrityError) return { state: 'unreadable', error, shown: everyField(error) };
    throw error;
  }
}

function everyField<Value>(error: IntegrityError): Shown<Value> {
  return new Proxy({}, { get: () => error }) as Shown<Value>;
}

/** The value, or its `IntegrityError` thrown: for use cases, which need all of it. */
export function readSealed<Value>(sealed: SealedValue<Value>): Value {
  if (sealed.state === 'unreadable') throw sealed.error;
  return sealed.value;
}
