const DECIMAL_DIGIT = /\p{Nd}/u;
/**
 * What people and programs put between digits: spaces, dashes, minus signs, dots, and all that has no width of
 * its own (control and format characters, marks). The long vowel mark is what a Japanese keyboard gives for a dash.
 */
const SEPARATOR =
  /[\p{Z}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\p{Pd}\u2800\u02d7\u2043\u207b\u208b\u2212\u2796\u30fc\uff70.\u00b7\u06d4\u2022\u2024\u2027\u2219\u22c5\u2e31\u2e33\u3002\u30fb\ufe52\uff0e\uff61\uff65]/u;

/** A character is a digit, 0 to 9, or one of these. */
const SEPARATES = 10;
const BREAKS = 11;

/** Every decimal digit of Unicode 16 is below this; of what is above only tags and variation selectors matter. */
const REMEMBERED = 0x20000;
const NOT_SEEN = 0xff;
const classes = new Uint8Array(REMEMBERED).fill(NOT_SEEN);

function classOf(codePoint: number): number {
  const known = classes[codePoint];
  if (known === undefined) return codePoint >> 12 === 0xe0 ? SEPARATES : BREAKS;
  if (known !== NOT_SEEN) return known;
  const found = classify(codePoint);
  classes[codePoint] = found;
  return found;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (DECIMAL_DIGIT.test(character)) return digitValue(codePoint);
  if (SEPARATOR.test(character)) return SEPARATES;
  // Superscript and circled digits are no decimal digits, but read like them.
  const plain = character.normalize('NFKC');
  return /^[0-9]$/.test(plain) ? Number(plain) : BREAKS;
}

/** Unicode keeps the ten digits of a script together and in order, so that the place in the block is the value. */
function digitValue(codePoint: number): number {
  let first = codePoint;
  while (DECIMAL_DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return (codePoint - first) % 10;
}

/** How a digit is parted from the one before it. */
export const Parted = { not: 0, bySeparators: 1, byBreak: 2, byPlus: 3 } as const;
const PLUS = 0x2b;

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
  if (text.length < least) return false;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const codePoint = codePointAt(text, at);
    if (codePoint > 0xffff) at++;
    if (classOf(codePoint) < SEPARATES && ++count === least) return true;
  }
  return false;
}

/** The digits of a text, in any script, and what stands between them. */
export function digitsOf(text: string): Digits {
  const values = new Uint8Array(text.length);
  const parted = new Uint8Array(text.length + 1);
  let total = 0;
  let gap: number = Parted.byBreak;
  for (let at = 0; at < text.length; at++) {
    const codePoint = codePointAt(text, at);
    if (codePoint > 0xffff) at++;
    const what = classOf(codePoint);
    if (what < SEPARATES) {
      values[total] = what;
      parted[total++] = gap;
      gap = Parted.not;
    } else if (what === BREAKS) gap = codePoint === PLUS ? Parted.byPlus : Parted.byBreak;
    else if (gap === Parted.not) gap = Parted.bySeparators;
  }
  parted[total] = Parted.byBreak;
  return { total, values, parted, ...luhnSums(values, total) };
}

/** Whether the digits from `start` up to and without `end` pass the Luhn test; takes no longer for more of them. */
export function passesLuhn({ evenDoubled, oddDoubled }: Digits, start: number, end: number): boolean {
  const sums = end % 2 === 0 ? evenDoubled : oddDoubled;
  return sums[start] === sums[end];
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
