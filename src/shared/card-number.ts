import { type Digits, digitsOf, hasDigits, Parted, passesLuhn } from './digits.js';

const SHORTEST = 13;
const LONGEST = 19;

/** So many first digits tell the issuer. */
const PREFIX = 4;
const ALL_PREFIXES = 10_000;

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

/** For each four first digits a bit set: bit n is set when numbers of n digits are issued. */
function lengthsByPrefix(lengthsOf: (issuer: Issuer) => readonly number[]): Uint32Array {
  const table = new Uint32Array(ALL_PREFIXES);
  for (const issuer of ISSUERS) {
    const bits = lengthsOf(issuer).reduce((set, length) => set | (1 << length), 0);
    for (const range of issuer.prefixes.split(' ')) {
      const [first = range, last = first] = range.split('-');
      const end = Number(last.padEnd(PREFIX, '9'));
      for (let at = Number(first.padEnd(PREFIX, '0')); at <= end; at++) table[at] = (table[at] ?? 0) | bits;
    }
  }
  return table;
}

const IN_TEXT = lengthsByPrefix((issuer) => issuer.lengths);
const IN_PHONE = lengthsByPrefix((issuer) => issuer.lengthsInPhone ?? issuer.lengths);

/** A value that is wholly an id, ours or a provider's, is random and would be refused now and then. */
const OPAQUE_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})$/i;

/**
 * Whether the text holds what looks like a card number, in any script and however divided: 13 to 19 digits that
 * begin and end at a separator or an end of the digits, under an issuer's prefix and of its length, with a right
 * Luhn digit. Within more than 19 undivided digits it may begin and end anywhere. Digits after a plus are judged
 * as a phone number. It never gives the digits away, and takes time linear in the length of the text.
 */
export function containsCardNumber(text: string, kind: FieldKind = 'text'): boolean {
  if (!hasDigits(text, SHORTEST) || OPAQUE_ID.test(text.trim())) return false;
  const digits = digitsOf(text);
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
function startsCardNumber(digits: Digits, start: number, last: number, table: Uint32Array): boolean {
  const { values, parted } = digits;
  let prefix = 0;
  for (let at = start; at < start + PREFIX; at++) prefix = prefix * 10 + (values[at] ?? 0);
  for (let lengths = table[prefix] ?? 0; lengths !== 0; lengths &= lengths - 1) {
    const end = start + shortestOf(lengths);
    if (end > last) return false;
    if (parted[end] !== Parted.not && passesLuhn(digits, start, end)) return true;
  }
  return false;
}

/**
 * Whether a card number is anywhere in these undivided digits. Nothing marks its ends, and the more lengths are
 * tried, the more often any digits will do: those that are next to never issued do not count here.
 */
function hidesCardNumber(digits: Digits, first: number, last: number): boolean {
  const { values } = digits;
  let prefix = 0;
  for (let at = first; at + SHORTEST - PREFIX < last; at++) {
    prefix = (prefix * 10 + (values[at] ?? 0)) % ALL_PREFIXES;
    const start = at + 1 - PREFIX;
    if (start < first) continue;
    for (let lengths = IN_PHONE[prefix] ?? 0; lengths !== 0; lengths &= lengths - 1) {
      const end = start + shortestOf(lengths);
      if (end > last) break;
      if (passesLuhn(digits, start, end)) return true;
    }
  }
  return false;
}

/** The lowest bit of a set of lengths. */
function shortestOf(lengths: number): number {
  return 31 - Math.clz32(lengths & -lengths);
}
