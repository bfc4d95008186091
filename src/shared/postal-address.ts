import { toAlpha3 } from './country.js';
import { formOf, type Given, type InputReader, textOf } from './input-reader.js';
import { isPostalCode } from './postal-code.js';
import type { Path } from './result.js';

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
const MAX_STATE_LENGTH = 10;
const MAX_POSTAL_CODE_LENGTH = 12;

/** Reads an address: left out, null and blank are the same. The postal code is judged by the country. */
export function readPostalAddress(reader: InputReader, at: Path, input: PostalAddressInput): PostalAddress {
  const line = textOf(MAX_LINE_LENGTH);
  const country = reader.optional(
    [...at, 'country'],
    input.country,
    formOf(MAX_LINE_LENGTH, 'Not an ISO 3166-1 alpha-2 or alpha-3 code.', toAlpha3),
  );
  return {
    line1: reader.optional([...at, 'line1'], input.line1, line),
    line2: reader.optional([...at, 'line2'], input.line2, line),
    city: reader.optional([...at, 'city'], input.city, line),
    state: reader.optional([...at, 'state'], input.state, textOf(MAX_STATE_LENGTH)),
    postalCode: reader.optional([...at, 'postalCode'], input.postalCode, postalCodeOf(country)),
    country,
  };
}

function postalCodeOf(country: string | null) {
  const message = country === null ? 'Not a postal code.' : `Not a postal code of ${country}.`;
  return formOf(MAX_POSTAL_CODE_LENGTH, message, (text) => (isPostalCode(text, country) ? text : null));
}
