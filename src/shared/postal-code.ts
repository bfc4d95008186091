import { withPlainSigns } from './characters.js';
import { withAsciiDigits } from './digits.js';

const UNITED_STATES = /^([0-9]{5})(?:[ -]?([0-9]{4}))?-?$/;
const CANADA = /^([A-Z][0-9][A-Z])([ -]?)([0-9][A-Z][0-9])$/i;

/**
 * A trimmed text as a postal code of that country (alpha-3; null when none is given), or null. Of the United States
 * and Canada it is judged, and stored as written but for a separator that is wrong; elsewhere any text will do.
 */
export function toPostalCode(text: string, country: string | null): string | null {
  if (country !== 'USA' && country !== 'CAN') return text;
  const plain = withAsciiDigits(withPlainSigns(text));
  if (country === 'CAN') {
    const [, area, separator, unit] = CANADA.exec(plain) ?? [];
    return area && unit ? `${area}${separator ? ' ' : ''}${unit}` : null;
  }
  const [, zip, more] = UNITED_STATES.exec(plain) ?? [];
  return zip === undefined ? null : more ? `${zip}-${more}` : zip;
}
