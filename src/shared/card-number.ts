import { type Digits, digitsBetween, digitsOf, hasDigits, Parted, passesLuhn } from './digits.js';
import { IN_PHONE, IN_TEXT, IN_USE, type LengthsByPrefix, LONGEST, PREFIX, SHORTEST } from './issuers.js';
import { withoutKnownForms } from './known-forms.js';
import { isKnownNumber, isKnownRun } from './known-numbers.js';

/** What a field holds. A phone field lets through what is as likely a phone number as a card number. */
export type FieldKind = 'text' | 'phone';

/** A value that is wholly an id, ours or a provider's, is random and would be refused now and then. */
const ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})$/i;

/** Of random ids next to none are without a letter: these are looked through all the more closely. */
const ID_OF_DIGITS = /^[0-9-]*$/;
const ID_DIGITS = 24;

/**
 * Whether the text holds what looks like a card number, in any script and however divided: 13 to 19 digits that
 * begin and end at a separator or an end of the digits, under an issuer's prefix and of its length, with a right
 * Luhn digit. Within more than 19 undivided digits it may begin or end where they do. Digits after a plus are judged
 * as a phone number. A number in a known form that is no card's, with its own right check digits, is none. It never
 * gives the digits away, and takes time linear in the length of the text.
 */
export function containsCardNumber(text: string, kind: FieldKind = 'text'): boolean {
  if (!hasDigits(text, SHORTEST)) return false;
  const whole = text.trim();
  const isId = ID.test(whole);
  if (isId && !ID_OF_DIGITS.test(whole)) return false;
  const digits = digitsOf(text);
  if (isId) return hasCardNumberAnywhere(digits, 0, digits.total);
  if (!hasCardNumber(digits, kind)) return false;
  // Asked last, since it takes longest: few texts come so far.
  const rest = withoutKnownForms(text);
  return rest === text || hasCardNumber(digitsOf(rest), kind);
}

function hasCardNumber(digits: Digits, kind: FieldKind): boolean {
  const { parted, total } = digits;
  let end = 0;
  let breakAt = 0;
  for (let start = 0; start + SHORTEST <= total; start = end) {
    end = start + 1;
    while (parted[end] === Parted.not) end++;
    if (breakAt <= start) breakAt = breakAfter(digits, start);
    const lengths = kind === 'phone' || parted[start] === Parted.byPlus ? IN_PHONE : IN_TEXT;
    if (startsCardNumber(digits, start, breakAt, lengths)) return true;
    if (end - start > LONGEST && hidesCardNumber(digits, start, end)) return true;
  }
  return false;
}

/** Where the digits end that nothing but separators divides. */
function breakAfter({ parted }: Digits, start: number): number {
  let at = start + 1;
  while (parted[at] === Parted.not || parted[at] === Parted.bySeparators) at++;
  return at;
}

/** Whether a card number starts here and ends, no later than `last`, where no digit follows at once. */
function startsCardNumber(digits: Digits, start: number, last: number, table: LengthsByPrefix): boolean {
  for (let lengths = cardLengths(digits, start, last, table); lengths !== 0; lengths &= lengths - 1) {
    const end = start + shortestOf(lengths);
    if (digits.parted[end] !== Parted.not && !isKnownNumber(digits, start, end)) return true;
  }
  return false;
}

/**
 * Whether a card number is in these undivided digits, of which there are more than any card has. Somewhere in so many
 * digits there nearly always is something like one, so that it has to begin or end where they do.
 */
function hidesCardNumber(digits: Digits, first: number, last: number): boolean {
  if (last - first === ID_DIGITS) return hasCardNumberAnywhere(digits, first, last);
  if (isKnownRun(digits, first, last)) return false;
  if (cardLengths(digits, first, last, IN_USE) !== 0) return true;
  for (let length = SHORTEST; length <= LONGEST; length++)
    if (cardLengths(digits, last - length, last, IN_USE) & (1 << length)) return true;
  return isPadded(digits, first, last);
}

/** What is written behind a number without a space: zeros, or an expiry and perhaps a code. */
const TAIL = /^(?:0*|(?:(?:0[1-9]|1[0-2])(?:20)?[2-4]\d|(?:20)?[2-4]\d(?:0[1-9]|1[0-2]))(?:\d{3,4})?)$/;

/** Whether the digits are wholly a card number with zeros before it and a tail behind it. */
function isPadded(digits: Digits, first: number, last: number): boolean {
  let start = first;
  while (start < last && digits.values[start] === 0) start++;
  for (let lengths = cardLengths(digits, start, last, IN_TEXT); lengths !== 0; lengths &= lengths - 1)
    if (TAIL.test(digitsBetween(digits, start + shortestOf(lengths), last))) return true;
  return false;
}

/** Whether a card number begins and ends anywhere within these digits, whatever stands between them. */
function hasCardNumberAnywhere(digits: Digits, first: number, last: number): boolean {
  for (let start = first; start + SHORTEST <= last; start++)
    if (cardLengths(digits, start, last, IN_TEXT) !== 0) return true;
  return false;
}

/** The lengths of all card numbers that start here and end no later than `last`: bit n is set for one of n digits. */
function cardLengths(digits: Digits, start: number, last: number, table: LengthsByPrefix): number {
  let prefix = 0;
  for (let at = start; at < start + PREFIX; at++) prefix = prefix * 10 + (digits.values[at] ?? 0);
  let found = 0;
  for (let lengths = table[prefix] ?? 0; lengths !== 0; lengths &= lengths - 1) {
    const length = shortestOf(lengths);
    if (start + length > last) break;
    if (passesLuhn(digits, start, start + length)) found |= 1 << length;
  }
  return found;
}

/** The lowest bit of a set of lengths. */
function shortestOf(lengths: number): number {
  return 31 - Math.clz32(lengths & -lengths);
}
