import { inOneLine, trimmed, withPlainSigns } from './characters.js';
import { withAsciiDigits } from './digits.js';
import { type Checked, checkText, refuse } from './text.js';

const MAX_LENGTH = 20;
const PHONE = /^[0-9 +\-().x]+$/;
const MESSAGE = 'Not a phone number. It may have digits, spaces and + - ( ) . x';

/** Beyond this it is only too long, and not cleaned. */
const LONGEST_CLEANED = 200;

/** How links and cards of contacts begin. */
const SCHEME = /^(?:tel|phone|callto)[.:]+(?:\/\/)? */i;
/** An extension at the end, as people and RFC 3966 write it. */
const EXTENSION = /(?<=[0-9)]) ?(?:[,;] ?)?(?:extension|ext|extn|x|#)[.:=]? ?([0-9]{1,7})#?$/i;

/**
 * A phone number as the person wrote it, cleaned of what a paste brings along (see `cleanedPhone`); blank text is accepted
 * as `''`. Refuses what `checkText` refuses, and as INVALID what has no digit or anything but digits, spaces and
 * + - ( ) . x
 */
export function checkPhone(text: string): Checked<string> {
  const raw = checkText(text, { maxLength: LONGEST_CLEANED, kind: 'phone' });
  // A card number is looked for before anything is changed that stands between its digits.
  if (!raw.ok && raw.problem.code === 'CARD_NUMBER_REFUSED') return raw;
  const checked = checkText(cleanedPhone(text), { maxLength: MAX_LENGTH, kind: 'phone' });
  if (!checked.ok || checked.value === '' || phoneForComparison(checked.value) !== null) return checked;
  return refuse('INVALID', MESSAGE);
}

/**
 * The form in which two phone numbers are compared: their digits, after a plus if one stands before the first.
 * Null for what is no phone number; a filter with it matches nothing.
 */
export function phoneForComparison(text: string): string | null {
  const phone = cleanedPhone(text);
  const digits = phone.replace(/[^0-9]/g, '');
  if (digits === '' || !PHONE.test(phone)) return null;
  return /^[^0-9]*\+/.test(phone) ? `+${digits}` : digits;
}

/**
 * A pasted phone number with digits, blanks, hyphens and signs of ASCII, without marks that nobody sees and without
 * `tel:`, an extension written `x12`. What is left of other characters is refused.
 */
export function cleanedPhone(text: string): string {
  if (text.length > LONGEST_CLEANED) return text;
  const phone = trimmed(inOneLine(withAsciiDigits(withPlainSigns(text)))).replace(SCHEME, '');
  return PHONE.test(phone) ? phone : phone.replace(EXTENSION, 'x$1');
}
