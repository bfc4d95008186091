import { countryHint, toAlpha3 } from './country.js';
import { formOf, type Given, type InputReader, type TextCheck, textOf } from './input-reader.js';
import { toPostalCode } from './postal-code.js';
import type { Path } from './result.js';
import { checkState } from './state.js';

/** Where somebody lives or a bill goes to. */
export interface PostalAddress {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  /** ISO 3166-2 subdivision without the country. */
  readonly state: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-3. */
  readonly country: string | null;
}

export type PostalAddressInput = { readonly [Line in keyof PostalAddress]?: Given<string> };

// In code points.
const MAX_LINE_LENGTH = 100;
const MAX_POSTAL_CODE_LENGTH = 12;

const NOTHING: PostalAddress = {
  line1: null,
  line2: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
};

/**
 * Reads an address: null and blank are the same, and what is left out is as in `current`, without being judged again.
 * State and postal code are read by the country, and once more when that changes: then a postal code is refused that
 * is none there, and a state stays that has no code there.
 */
export function readPostalAddress(
  reader: InputReader,
  at: Path,
  input: PostalAddressInput,
  current = NOTHING,
): PostalAddress {
  const read = (line: keyof PostalAddress, check: TextCheck) =>
    input[line] === undefined ? current[line] : reader.optional([...at, line], input[line], check);
  const line = textOf(MAX_LINE_LENGTH);
  const country = read('country', formOf(MAX_LINE_LENGTH, countryHint, toAlpha3));
  const moves = country !== current.country;
  return {
    line1: read('line1', line),
    line2: read('line2', line),
    city: read('city', line),
    state:
      input.state === undefined && moves
        ? stateIn(country, current.state)
        : read('state', (text) => checkState(text, country)),
    postalCode:
      input.postalCode === undefined && moves
        ? reader.optional([...at, 'postalCode'], current.postalCode, postalCodeOf(country))
        : read('postalCode', postalCodeOf(country)),
    country,
  };
}

function stateIn(country: string | null, stored: string | null): string | null {
  const checked = checkState(stored ?? '', country);
  return checked.ok ? checked.value || null : stored;
}

function postalCodeOf(country: string | null) {
  const message = country === null ? 'Not a postal code.' : `Not a postal code of ${country}.`;
  return formOf(
    MAX_POSTAL_CODE_LENGTH,
    () => message,
    (text) => toPostalCode(text, country),
  );
}
