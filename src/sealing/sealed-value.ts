import type { MerchantVault, Place } from './merchant-vault.js';
import { IntegrityError } from './sealed-blob.js';

/** What a sealed blob held, or that it could not be opened. */
export type SealedValue<Value> =
  | { readonly state: 'open'; readonly value: Value }
  | { readonly state: 'unreadable'; readonly error: Error };

export function openedValue<Value>(value: Value): SealedValue<Value> {
  return { state: 'open', value };
}

/** Resolvers of fields that come out of a sealed value, which stands in `property` of their object. */
export type SealedFields<Property extends string, Value, Name extends keyof Value> = {
  readonly [Each in Name]: (object: { readonly [At in Property]: SealedValue<Value> }) => Value[Each];
};

/**
 * Shows fields of a sealed value as fields of the object that has it. Where the value could not be opened each of them
 * gives the error, and GraphQL answers such a field with it.
 */
export function sealedFields<Value>() {
  return <Property extends string, Name extends keyof Value & string>(
    property: Property,
    ...names: readonly Name[]
  ): SealedFields<Property, Value, Name> => {
    const fields = names.map((name) => [
      name,
      (object: { readonly [At in Property]: SealedValue<Value> }) => {
        const sealed = object[property];
        return sealed.state === 'open' ? sealed.value[name] : sealed.error;
      },
    ]);
    return Object.fromEntries(fields);
  };
}

/**
 * Opens a blob in base64; one that does not open is a value too, so that the rest of a page can still be served.
 *
 * @param base64 undefined where the blob was not selected: a field that is read all the same gives an error.
 */
export function openSealed<Value extends object>(
  vault: MerchantVault,
  place: Place,
  base64: string | undefined,
): SealedValue<Value> {
  if (base64 === undefined) return NOT_SELECTED;
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
  return { state: 'unreadable', error };
}

const NOT_SELECTED = unreadable(new Error('A sealed value that was not selected is asked for.'));

/** The value, or its `IntegrityError` thrown: for use cases, which need all of it. */
export function readSealed<Value>(sealed: SealedValue<Value>): Value {
  if (sealed.state === 'unreadable') throw sealed.error;
  return sealed.value;
}
