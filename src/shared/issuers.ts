/** So many first digits tell the issuer. */
export const PREFIX = 4;
const ALL_PREFIXES = 10_000;

export const SHORTEST = 13;
export const LONGEST = 19;

interface Issuer {
  readonly name: string;
  /** Prefixes and ranges of them, both ends included. */
  readonly prefixes: string;
  readonly lengths: readonly number[];
  /** The lengths that count where a phone number is expected (E.164 allows 15 digits); left out, all of them. */
  readonly lengthsInPhone?: readonly number[];
  /** The lengths that are in the hands of people, as opposed to those that a standard allows. */
  readonly lengthsInUse: readonly number[];
}

const FROM_16 = [16, 17, 18, 19];
const FROM_14 = [14, 15, ...FROM_16];

/**
 * Who issues cards under which first digits, and how long they are: ISO/IEC 7812 prefixes as listed in
 * Wikipedia's "Payment card number", compared with the table of the open-source package `credit-card-type`
 * (Visa's 18 digits are from there). Visa's 13 digits are left out, of which no card is left, and JCB's former
 * ranges 1800 and 2131: times in microseconds begin with 1800 in 2027.
 */
const ISSUERS: readonly Issuer[] = [
  { name: 'Visa', prefixes: '4', lengths: [16, 18, 19], lengthsInUse: [16] },
  { name: 'Mastercard', prefixes: '51-55 2221-2720', lengths: [16], lengthsInUse: [16] },
  { name: 'American Express', prefixes: '34 37', lengths: [15], lengthsInUse: [15] },
  { name: 'Discover', prefixes: '6011 644-649 65', lengths: FROM_16, lengthsInUse: [16] },
  { name: 'Diners Club', prefixes: '300-305 309 36 38-39', lengths: FROM_14, lengthsInUse: [14] },
  { name: 'JCB', prefixes: '3528-3589', lengths: FROM_16, lengthsInUse: [16] },
  { name: 'UnionPay', prefixes: '62 810-817', lengths: FROM_16, lengthsInUse: [16, 19] },
  // Mobile numbers of Indonesia (62…) have up to 14 digits.
  {
    name: 'Maestro',
    prefixes: '50 56-69',
    lengths: [13, ...FROM_14],
    lengthsInPhone: FROM_16,
    lengthsInUse: [],
  },
];

/** For each four first digits a bit set: bit n is set when numbers of n digits are issued. */
export type LengthsByPrefix = Uint32Array;

function lengthsByPrefix(lengthsOf: (issuer: Issuer) => readonly number[]): LengthsByPrefix {
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

export const IN_TEXT = lengthsByPrefix((issuer) => issuer.lengths);
export const IN_PHONE = lengthsByPrefix((issuer) => issuer.lengthsInPhone ?? issuer.lengths);
/** Maestro is given up by its owner, and has a seventh of all prefixes: it counts only where a number's ends are marked. */
export const IN_USE = lengthsByPrefix((issuer) => issuer.lengthsInUse);
