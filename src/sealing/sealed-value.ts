import type { MerchantVault, Place } from './merchant-vault.js';
import { IntegrityError } from './sealed-blob.js';

/** What a sealed blob held, or that it could not be opened. */
export type SealedValue<Value> =
  | { readonly state: 'open'; readonly value: Value; readonly shown: Shown<Value> }
  | { readonly state: 'unreadable'; readonly error: Error; readonly shown: Shown<Value> };

/** The fields of a value, each of them the error where it could not be opened: GraphQL answers such a field with it. */
export type Shown<Value> = { readonly [Name in keyof Value]: Value[Name] | Error };

export function openedValue<Value>(value: Value): SealedValue<Value> {
  return { state: 'open', value, shown: value };
}

/**
 * Opens a blob in base64; one that does not open is a value too, so that the rest of a page can still be served.
 *
 * @param base64 undefined where the blob was not wanted: whoever reads a field all the same gets an error.
 */
export function openSealed<Value extends object>(
  vault: MerchantVault,
  place: Place,
  base64: string | undefined,
): SealedValue<Value> {
  if (base64 === undefined) return NOT_READ;
  try {
    const value = vault.openBase64(place, base64);
    // Fields of anything else would throw, each with an error that tells nothing of its cause.
    if (typeof value !== 'object' || value === null) throw new IntegrityError('CONTENT');
    return openedValue(value as Value);
  } catch (error) {
    if (error instanceof IntegrityError) return unreadable(error);
    throw error;
  }
}

function unreadable(error: Error): SealedValue<never> {
  return { state: 'unreadable', error, shown: new Proxy({}, { get: () => error }) as never };
}

const NOT_READ = unreadable(new Error('A sealed value that nobody wanted is asked for.'));

/** The value, or its `IntegrityError` thrown: for use cases, which need all of it. */
export function readSealed<Value>(sealed: SealedValue<Value>): Value {
  if (sealed.state === 'unreadable') throw sealed.error;
  return sealed.value;
}
