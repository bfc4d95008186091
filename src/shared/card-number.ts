const SHORTEST = 13;
const LONGEST = 19;

/** What a field holds. A phone field lets through what is as likely a phone number as a card number. */
export type FieldKind = 'text' | 'phone';

interface Issuer {
  readonly name: string;
  /** Prefixes and ranges of them, both ends included. */
  readonly prefixes: string;
  readonly lengths: readonly number[];
  /** The lengths that count where a phone number is expected (E.164 allows 15 digits); left out, all of them. */
  readonly lengthsInPhone?: readonly number[];
}

const FROM_16 = [16, 17, 18, 19];
const FROM_14 = [14, 15, ...FROM_16];

/**
 * Who issues cards under which first digits, and how long they are: ISO/IEC 7812 prefixes as listed in
 * Wikipedia's "Payment card number", compared with the table of the open-source package `credit-card-type`
 * (Visa's 18 digits are from there). JCB's former ranges 1800 and 2131 are left out: times in microseconds begin
 * with 1800 in 2027.
 */
const ISSUERS: readonly Issuer[] = [
  // Mobile numbers of Germany (49…) have up to 13 digits.
  { name: 'Visa', prefixes: '4', lengths: [13, 16, 18, 19], lengthsInPhone: [16, 18, 19] },
  { name: 'Mastercard', prefixes: '51-55 2221-2720', lengths: [16] },
  { name: 'American Express', prefixes: '34 37', lengths: [15] },
  { name: 'Discover', prefixes: '6011 644-649 65', lengths: FROM_16 },
  { name: 'Diners Club', prefixes: '300-305 309 36 38-39', lengths: FROM_14 },
  { name: 'JCB', prefixes: '3528-3589', lengths: FROM_16 },
  { name: 'UnionPay', prefixes: '62 810-817', lengths: FROM_16 },
  // Mobile numbers of Indonesia (62…) have up to 14 digits.
  { name: 'Maestro', prefixes: '50 56-69', lengths: [13, ...FROM_14], lengthsInPhone: FROM_16 },
];

/** For each of the 10,000 first four digits a bit set: bit n is set when numbers of n digits are issued. */
function lengthsByPrefix(lengthsOf: (issuer: Issuer) => readonly number[]): Uint32Array {
  const table = new Uint32Array(10_000);
  for (const issuer of ISSUERS) {
    const bits = lengthsOf(issuer).reduce((set, length) => set | (1 << length), 0);
    for (const range of issuer.prefixes.split(' ')) {
      const [first = range, last = first] = range.split('-');
      const end = Number(last.padEnd(4, '9'));
      for (let at = Number(first.padEnd(4, '0')); at <= end; at++) table[at] = (table[at] ?? 0) | bits;
    }
  }
  return table;
}

const IN_TEXT = lengthsByPrefix((issuer) => issuer.lengths);
const IN_PHONE = lengthsByPrefix((issuer) => issuer.lengthsInPhone ?? issuer.lengths);

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
  if (codePoint >= REMEMBERED) return codePoint >> 12 === 0xe0 ? SEPARATES : BREAKS;
  if (classes[codePoint] === NOT_SEEN) classes[codePoint] = classify(codePoint);
  return classes[codePoint] ?? BREAKS;
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
const NOT_PARTED = 0;
const BY_SEPARATORS = 1;
const BY_A_BREAK = 2;
const BY_A_PLUS = 3;
const PLUS = 0x2b;

/** All digits of a text in a row. */
interface Digits {
  readonly total: number;
  readonly values: Uint8Array;
  /** One of the above for each digit, and one for the end of the text. */
  readonly parted: Uint8Array;
  /** Whether the digits from `start` up to and without `end` pass the Luhn test. */
  readonly passLuhn: (start: number, end: number) => boolean;
}

/** A value that is wholly an id, ours or a provider's, is random and would be refused now and then. */
const OPAQUE_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})$/i;

/**
 * Whether the text holds what looks like a card number, in any script and however divided: 13 to 19 digits that
 * begin and end at a separator or an end of the digits, under an issuer's prefix and of its length, with a right
 * Luhn digit. Within more than 19 undivided digits it may begin and end anywhere. Digits after a plus are judged
 * as a phone number. It never gives the digits away, and takes time linear in the length of the text.
 */
export function containsCardNumber(text: string, kind: FieldKind = 'text'): boolean {
  if (text.length < SHORTEST || OPAQUE_ID.test(text.trim())) return false;
  const digits = digitsOf(text);
  let end = 0;
  for (let start = 0; start + SHORTEST <= digits.total; start = end) {
    end = start + 1;
    while (digits.parted[end] === NOT_PARTED) end++;
    const lengths = kind === 'phone' || digits.parted[start] === BY_A_PLUS ? IN_PHONE : IN_TEXT;
    if (startsCardNumber(digits, start, lengths)) return true;
    if (end - start > LONGEST && hidesCardNumber(digits, start, end)) return true;
  }
  return false;
}

/** Whether a card number starts here and ends where a separator or no more digit follows. */
function startsCardNumber(digits: Digits, start: number, table: Uint32Array): boolean {
  const lengths = table[prefixAt(digits, start)] ?? 0;
  if (lengths === 0) return false;
  for (let end = start + 1; end <= start + LONGEST; end++) {
    if (digits.parted[end] === NOT_PARTED) continue;
    if (lengths & (1 << (end - start)) && digits.passLuhn(start, end)) return true;
    if (digits.parted[end] !== BY_SEPARATORS) return false;
  }
  return false;
}

/**
 * Whether a card number is anywhere in these undivided digits. Nothing marks its ends, and the more lengths are
 * tried, the more often any digits will do: those that are next to never issued do not count here.
 */
function hidesCardNumber(digits: Digits, first: number, last: number): boolean {
  for (let start = first; start + SHORTEST <= last; start++) {
    const lengths = IN_PHONE[prefixAt(digits, start)] ?? 0;
    const longest = lengths === 0 ? 0 : Math.min(LONGEST, last - start);
    for (let length = SHORTEST; length <= longest; length++) {
      if (lengths & (1 << length) && digits.passLuhn(start, start + length)) return true;
    }
  }
  return false;
}

function prefixAt({ values }: Digits, start: number): number {
  let prefix = 0;
  for (let at = start; at < start + 4; at++) prefix = prefix * 10 + (values[at] ?? 0);
  return prefix;
}

function digitsOf(text: string): Digits {
  const values = new Uint8Array(text.length);
  const parted = new Uint8Array(text.length + 1);
  let total = 0;
  let gap = BY_A_BREAK;
  for (let at = 0; at < text.length; at++) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (codePoint > 0xffff) at++;
    const what = classOf(codePoint);
    if (what < SEPARATES) {
      values[total] = what;
      parted[total++] = gap;
      gap = NOT_PARTED;
    } else if (what === BREAKS) gap = codePoint === PLUS ? BY_A_PLUS : BY_A_BREAK;
    else if (gap === NOT_PARTED) gap = BY_SEPARATORS;
  }
  parted[total] = BY_A_BREAK;
  return { total, values, parted, passLuhn: luhnOf(values, total) };
}

/** The Luhn test of any stretch in constant time: two running sums, for stretches with an even and an odd end. */
function luhnOf(values: Uint8Array, total: number): Digits['passLuhn'] {
  if (total < SHORTEST) return () => false;
  const even = new Int32Array(total + 1);
  const odd = new Int32Array(total + 1);
  for (let at = 0; at < total; at++) {
    const digit = values[at] ?? 0;
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    even[at + 1] = (even[at] ?? 0) + (at % 2 === 0 ? doubled : digit);
    odd[at + 1] = (odd[at] ?? 0) + (at % 2 === 0 ? digit : doubled);
  }
  return (start, end) => {
    const sums = end % 2 === 0 ? even : odd;
    return ((sums[end] ?? 0) - (sums[start] ?? 0)) % 10 === 0;
  };
}
