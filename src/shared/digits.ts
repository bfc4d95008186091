import { numeralValue } from './numerals.js';

const DECIMAL_DIGIT = /\p{Nd}/u;
/**
 * What may stand between the digits of one number: whatever is no letter and no number. That is spaces, dashes,
 * dots, slashes, brackets and all other signs, what has no width of its own (control and format characters, marks),
 * and modifier letters, among them the apostrophe, the tatweel and what a Japanese keyboard gives for a dash.
 */
const SEPARATOR = /[\p{Z}\p{C}\p{M}\p{P}\p{S}\p{Lm}\p{Default_Ignorable_Code_Point}]/u;

/** A character is a digit, 0 to 9, or one of these. */
const SEPARATES = 10;
const BREAKS = 11;
/** A plus announces a phone number. Right behind a digit it separates: forms on web pages write spaces so. */
const ADDS = 12;
/** One character for several, digits among them, such as a circled twelve; a tenth has three. */
const SPELLS = 13;
const MOST_SPELLED = 3;

/** Every decimal digit of Unicode 17 is below this; above are Chinese letters, and signs that nobody sees. */
const REMEMBERED = 0x20000;
const NEITHER_LETTER_NOR_NUMBER = 0xe0000;
const NOT_SEEN = 0xff;
const classes = new Uint8Array(REMEMBERED).fill(NOT_SEEN);

function classOf(codePoint: number): number {
  const known = classes[codePoint];
  if (known === undefined) return classOfRare(codePoint);
  if (known !== NOT_SEEN) return known;
  const found = classify(codePoint);
  classes[codePoint] = found;
  return found;
}

function classOfRare(codePoint: number): number {
  return numeralValue(codePoint) ?? (codePoint < NEITHER_LETTER_NOR_NUMBER ? BREAKS : SEPARATES);
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (DECIMAL_DIGIT.test(character)) return digitValue(codePoint);
  // Superscript and circled digits are no decimal digits, but read like them.
  const plain = character.normalize('NFKC');
  if (/^[0-9]$/.test(plain)) return Number(plain);
  if (/[0-9]/.test(plain)) return SPELLS;
  if (plain === '+') return ADDS;
  return numeralValue(codePoint) ?? (SEPARATOR.test(character) ? SEPARATES : BREAKS);
}

/** Unicode keeps the ten digits of a script together and in order, so that the place in the block is the value. */
function digitValue(codePoint: number): number {
  let first = codePoint;
  while (DECIMAL_DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return (codePoint - first) % 10;
}

/** The text with the decimal digits of every script as those of ASCII. */
export function withAsciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => `${digitValue(digit.codePointAt(0) ?? 0)}`);
}

/** How a digit is parted from the one before it. */
export const Parted = { not: 0, bySeparators: 1, byBreak: 2, byPlus: 3 } as const;

/** All digits of a text in a row. */
export interface Digits {
  readonly total: number;
  readonly values: Uint8Array;
  /** One of `Parted` for each digit, and one for the end of the text. */
  readonly parted: Uint8Array;
  /** For each digit the Luhn sum of all before it, those at even places doubled; only its last digit. */
  readonly evenDoubled: Uint8Array;
  /** The same with those at odd places doubled. */
  readonly oddDoubled: Uint8Array;
}

/** Twice a digit, of which the digits are added up. */
const DOUBLED = Uint8Array.of(0, 2, 4, 6, 8, 1, 3, 5, 7, 9);

/** Whether the text has so many digits. Asked first: few texts do, and all else takes memory. */
export function hasDigits(text: string, least: number): boolean {
  if (text.length < least && (text.length * MOST_SPELLED < least || isAscii(text))) return false;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const codePoint = codePointAt(text, at);
    if (codePoint > 0xffff) at++;
    const what = classOf(codePoint);
    if (what < SEPARATES) count++;
    else if (what === SPELLS) count += spelled(codePoint).digits;
    if (count >= least) return true;
  }
  return false;
}

/**
 * The digits of a text, in any script, and what stands between them. Where ASCII digits meet others a number may
 * begin or end, such as before the mark of a footnote, as if something stood between.
 */
export function digitsOf(text: string): Digits {
  const values = new Uint8Array(text.length);
  const parted = new Uint8Array(text.length + 1);
  let total = 0;
  let gap: number = Parted.byBreak;
  let wasAscii = true;
  for (let at = 0; at < text.length; at++) {
    const codePoint = codePointAt(text, at);
    if (codePoint > 0xffff) at++;
    const what = classOf(codePoint);
    if (what < SEPARATES) {
      const inAscii = codePoint < 0x80;
      if (inAscii !== wasAscii && gap === Parted.not) gap = Parted.bySeparators;
      wasAscii = inAscii;
      values[total] = what;
      parted[total++] = gap;
      gap = Parted.not;
    } else if (what === SPELLS) return digitsOf(spelledOut(text));
    else gap = gapAfter(gap, what);
  }
  parted[total] = Parted.byBreak;
  return { total, values, parted, ...luhnSums(values, total) };
}

/** What parts the next digit from the last one, after a character that is no digit. */
function gapAfter(gap: number, what: number): number {
  if (what === BREAKS) return Parted.byBreak;
  if (what === ADDS && gap !== Parted.not) return Parted.byPlus;
  return gap === Parted.not ? Parted.bySeparators : gap;
}

/** A text with every character that stands for several as those, apart from what is around it. */
function spelledOut(text: string): string {
  return Array.from(text, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return classOf(codePoint) === SPELLS ? spelled(codePoint).text : character;
  }).join('');
}

interface Spelled {
  readonly text: string;
  readonly digits: number;
}

const spellings = new Map<number, Spelled>();

function spelled(codePoint: number): Spelled {
  const known = spellings.get(codePoint);
  if (known) return known;
  const plain = String.fromCodePoint(codePoint).normalize('NFKC');
  const found = { text: ` ${plain} `, digits: plain.replace(/[^0-9]/g, '').length };
  spellings.set(codePoint, found);
  return found;
}

/** Faster than a regular expression for a text as short as most. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Whether the digits from `start` up to and without `end` pass the Luhn test; takes no longer for more of them. */
export function passesLuhn({ evenDoubled, oddDoubled }: Digits, start: number, end: number): boolean {
  const sums = end % 2 === 0 ? evenDoubled : oddDoubled;
  return sums[start] === sums[end];
}

/** The digits from `start` up to and without `end` in ASCII, without what stands between them. */
export function digitsBetween({ values }: Digits, start: number, end: number): string {
  return values.subarray(start, end).join('');
}

function luhnSums(values: Uint8Array, total: number): Pick<Digits, 'evenDoubled' | 'oddDoubled'> {
  const [evenDoubled, oddDoubled] = [new Uint8Array(total + 1), new Uint8Array(total + 1)];
  let [even, odd] = [0, 0];
  for (let at = 0; at < total; at++) {
    const digit = values[at] ?? 0;
    const doubled = DOUBLED[digit] ?? 0;
    const isEven = at % 2 === 0;
    even += isEven ? doubled : digit;
    odd += isEven ? digit : doubled;
    // Neither has grown by more than 9.
    if (even > 9) even -= 10;
    if (odd > 9) odd -= 10;
    evenDoubled[at + 1] = even;
    oddDoubled[at + 1] = odd;
  }
  return { evenDoubled, oddDoubled };
}

function codePointAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >> 10 === 0x36 ? (text.codePointAt(at) ?? unit) : unit;
}
