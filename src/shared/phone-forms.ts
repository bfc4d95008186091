// With the smallest of the library's metadata, which has the codes and prefixes of all countries.
import { getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js/min';
import { cleanedPhone } from './phone.js';

/** In how many ways a phone number can be dialled. All are digits; what is missing cannot be told. */
export interface PhoneForms {
  /** With the country's code, where it was written with it. */
  readonly international: string | null;
  /** As dialled within its country, without leading zeros: they are dialled, or belong to it, or neither. */
  readonly national: readonly string[];
}

const LONGEST_CODE = 3;
/** What is dialled before a national number, by the country's code; where nothing is, an empty string. */
const prefixes = nationalPrefixes();

const BEFORE_EXTENSION = /^[^x#]*/i;
const PLUS = /^[^0-9]*\+/;
const DIALLED_ABROAD = /^00[1-9]/;
/** A zero to leave out when dialling from abroad, as some write it. */
const LEFT_OUT = /\(0\)/;
/** North America dials its 1 at home, too. */
const NORTH_AMERICA = /^1[2-9]\d{9}$/;

/** The forms of what `checkPhone` lets through; an extension is left out. */
export function phoneForms(phone: string): PhoneForms {
  const written = BEFORE_EXTENSION.exec(cleanedPhone(phone))?.[0] ?? '';
  const digits = digitsOf(written);
  if (NORTH_AMERICA.test(digits)) return { international: digits, national: [digits.slice(1)] };
  if (!PLUS.test(written) && !DIALLED_ABROAD.test(digits))
    return { international: null, national: [withoutZeros(digits)] };
  const international = digitsOf(written.replace(LEFT_OUT, '')).replace(/^00/, '');
  const code = codeOf(international);
  if (code === null) return { international, national: [] };
  const prefix = prefixes.get(code) ?? '';
  const number = international.slice(code.length);
  // Italy's zero is part of the number; where a zero is dialled before it, one behind the code is a mistake.
  const bare = prefix === '0' ? withoutZeros(number) : number;
  const atHome = [bare, `${prefix}${bare}`].map(withoutZeros);
  return { international: `${code}${bare}`, national: [...new Set(atHome)] };
}

function codeOf(international: string): string | null {
  for (let length = 1; length <= LONGEST_CODE; length++) {
    const code = international.slice(0, length);
    if (prefixes.has(code)) return code;
  }
  return null;
}

function nationalPrefixes(): Map<string, string> {
  const metadata = new Metadata();
  const found = getCountries().map((country): [string, string] => {
    metadata.selectNumberingPlan(country);
    // Not in the library's types.
    const plan = metadata.numberingPlan as { nationalPrefix?: () => string | undefined } | undefined;
    return [getCountryCallingCode(country), plan?.nationalPrefix?.() ?? ''];
  });
  return new Map(found);
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]+/g, '');
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}
