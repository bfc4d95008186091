// The smallest of the library's metadata: enough to part a country's code from the number.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { cleanedPhone } from './phone.js';

/** In how many ways a phone number can be dialled. All are digits; what is missing cannot be told. */
export interface PhoneForms {
  /** With the country's code, where it was written with it. */
  readonly international: string | null;
  /** As dialled within its country, without leading zeros: they are dialled, or belong to it, or neither. */
  readonly national: readonly string[];
}

const EXTENSION = /[x#].*$/i;
const ABROAD = /^\+|^00(?=[1-9])/;
/** North America dials its 1 at home, too. */
const NORTH_AMERICA = /^1[2-9]\d{9}$/;

/** The forms of what `checkPhone` lets through; an extension is left out. */
export function phoneForms(phone: string): PhoneForms {
  const written = cleanedPhone(phone).replace(EXTENSION, '').replace(/^\(\+/, '+');
  const digits = digitsOf(written);
  if (NORTH_AMERICA.test(digits)) return { international: digits, national: [digits.slice(1)] };
  if (!ABROAD.test(written)) return { international: null, national: [withoutZeros(digits)] };
  const international = digits.replace(/^00/, '');
  const parsed = parsePhoneNumberFromString(written.replace(ABROAD, '+'));
  if (!parsed) return { international, national: [] };
  const atHome = [parsed.nationalNumber, digitsOf(parsed.formatNational())].map(withoutZeros);
  return {
    international: `${parsed.countryCallingCode}${parsed.nationalNumber}`,
    national: [...new Set(atHome)],
  };
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]+/g, '');
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}
