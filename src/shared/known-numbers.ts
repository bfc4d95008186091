import { type Digits, digitsBetween, Parted } from './digits.js';

/**
 * Numbers that are no card's though they look like one: each kind by its length, its own check digits, and the date
 * within it if it has one. Under the prefixes and lengths that real cards have, none passes but in a grouping that no
 * card is written in; so nothing of 15 to 17 and of 19 digits passes at all.
 */
export function isKnownNumber(digits: Digits, start: number, end: number): boolean {
  switch (end - start) {
    case 13:
      return OF_13.some((isOne) => isOne(digitsBetween(digits, start, end)));
    case 14:
      return isKnownOf14(digits, start, end);
    case 18:
      return OF_18.some((isOne) => isOne(digitsBetween(digits, start, end)));
    default:
      return false;
  }
}

/**
 * Runs of 20 and more undivided digits that are no card's: an account id of Google (21 digits that begin with 10
 * or 11), a time to the microsecond or nanosecond, and a parcel number with GS1's check digit (00 and 18 digits).
 */
export function isKnownRun(digits: Digits, start: number, end: number): boolean {
  const text = digitsBetween(digits, start, Math.min(end, start + 24));
  switch (end - start) {
    case 20:
      return isTime(text) || (text.startsWith('00') && hasGs1CheckDigit(text));
    case 21:
      return /^1[01]/.test(text);
    case 23:
      return isTime(text);
    default:
      return false;
  }
}

const OF_18 = [isChineseIdentity, isMexicanAccount];
const OF_13 = [hasGs1CheckDigit, isSouthAfricanIdentity, isKoreanIdentity, isRomanianIdentity];

/** Diners Club's cards have 14 digits; under Maestro's prefixes numbers of 14 digits are next to never issued. */
const DINERS_CLUB = /^3/;
const SIRET_GROUPS = /^(?:3-3-3-5|9-5)$/;
const CNPJ_GROUPS = '2-3-3-4-2';
const NIR_GROUPS = '1-2-2-2-3-3-2';

function isKnownOf14(digits: Digits, start: number, end: number): boolean {
  const text = digitsBetween(digits, start, end);
  const groups = groupsOf(digits, start, end);
  const mayBeCard = DINERS_CLUB.test(text);
  if (passesLuhn(text.slice(0, 9)) && (!mayBeCard || SIRET_GROUPS.test(groups))) return true;
  if (isCnpj(text) && (!mayBeCard || groups === CNPJ_GROUPS)) return true;
  // The first of the fifteen digits of a French social security number stands before these.
  const isNir = start > 0 && groupsOf(digits, start - 1, end) === NIR_GROUPS;
  return isNir && hasNirKey(digitsBetween(digits, start - 1, end));
}

/** How many digits stand together, such as `4-6-4`. */
function groupsOf({ parted }: Digits, start: number, end: number): string {
  const groups: number[] = [];
  for (let at = start, from = start; at < end; at++) {
    if (at + 1 < end && parted[at + 1] === Parted.not) continue;
    groups.push(at + 1 - from);
    from = at + 1;
  }
  return groups.join('-');
}

/** The sum of the digits, each times its weight. */
function weighed(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(text[at]), 0);
}

/** The check digit of EAN-13 and of every other number of GS1. */
function hasGs1CheckDigit(text: string): boolean {
  const sum = [...text]
    .reverse()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

function passesLuhn(text: string): boolean {
  const sum = [...text].reverse().reduce((total, digit, at) => {
    const twice = Number(digit) * 2;
    return total + (at % 2 === 0 ? Number(digit) : twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

/** A day of some year, as two digits each of year, month and day. */
function isBirthDate(text: string): boolean {
  return /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text);
}

/** Date of birth, four digits, citizenship (2: refugee), one more, and Luhn's digit, which has been tested before. */
function isSouthAfricanIdentity(text: string): boolean {
  return isBirthDate(text.slice(0, 6)) && /[012]/.test(text.charAt(10));
}

/** Date of birth, sex and century, five digits, and one that makes the sum right. */
function isKoreanIdentity(text: string): boolean {
  const sum = weighed(text, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return isBirthDate(text.slice(0, 6)) && (11 - (sum % 11)) % 10 === Number(text[12]);
}

/** Sex and century, date of birth, county, three digits, and one that makes the sum right. */
function isRomanianIdentity(text: string): boolean {
  const rest = weighed(text, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return isBirthDate(text.slice(1, 7)) && (rest === 10 ? 1 : rest) === Number(text[12]);
}

const CHINESE_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Six digits of the place, date of birth with the century, three digits, and ISO 7064's check digit MOD 11-2. */
export function isChineseIdentity(text: string): boolean {
  const check = '10X98765432'[weighed(text, CHINESE_WEIGHTS) % 11];
  return /^(?:19|20)/.test(text.slice(6)) && isBirthDate(text.slice(8, 14)) && check === text[17];
}

/** A CLABE, an account of Mexico, at an institution whose code begins with 6 (not with UnionPay's 62). */
function isMexicanAccount(text: string): boolean {
  const sum = [...text].reduce(
    (total, digit, at) => total + ((Number(digit) * ([3, 7, 1][at % 3] ?? 0)) % 10),
    0,
  );
  return /^6(?!2)/.test(text) && sum % 10 === 0;
}

/** A company of Brazil: twelve digits and two that make the sums right. */
function isCnpj(text: string): boolean {
  const first = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return [first, [6, ...first]].every((weights) => {
    const rest = weighed(text, weights) % 11;
    return (rest < 2 ? 0 : 11 - rest) === Number(text[weights.length]);
  });
}

/** A person's number in France: sex, year and month of birth, place, three digits, and a key of two. */
function hasNirKey(text: string): boolean {
  return (
    /^[1278]\d\d(?:0[1-9]|1[0-2])/.test(text) &&
    97 - (Number(text.slice(0, 13)) % 97) === Number(text.slice(13))
  );
}

/** Year to second without anything between them, and a fraction of any length. */
function isTime(text: string): boolean {
  const time = /^(?:19|20)(\d{6})(?:[01]\d|2[0-3])[0-5]\d[0-5]\d/.exec(text);
  return time !== null && isBirthDate(time[1] ?? '');
}
