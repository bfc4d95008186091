import { countrySpecs, ValidationErrorsIBAN, validateIBAN } from 'ibantools';
import { isChineseIdentity } from './known-numbers.js';

/**
 * The text with an `x` in place of whatever has a form of its own in which digits are no card's: a time with its
 * date, an IBAN with right check digits, an amount of money, and others. What stands beside it stays.
 */
export function withoutKnownForms(text: string): string {
  if (COORDINATES.test(text.trim())) return 'x';
  const rest = FORMS.reduce((left, form) => left.replace(form, 'x'), text);
  return withoutIbans(
    rest.replace(CHINESE_IDENTITY, (id) => (isChineseIdentity(id.toUpperCase()) ? 'x' : id)),
  );
}

/** Wholly a latitude and a longitude; four decimals tell a house. */
const COORDINATES =
  /^[([]?[+-]?(?:[0-8]?\d|90)\.\d{3,15}(?:, ?|; ?| )[+-]?(?:\d{1,2}|1[0-7]\d|180)\.\d{3,15}[)\]]?$/;

/** None may take a part of a card number that stands beside it, as the hour, the last group or the first of them. */
const FORMS = [
  // A date and a time: the extended and the basic form of ISO 8601, with variants of databases, and the day first.
  /\b(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])[T _](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9}(?! \d)|,\d{1,9}(?!\W?\d))?)?(?: ?(?:Z|[+-][01]\d(?::?[0-5]\d)?))?\b/g,
  /\b(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[T _](?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\.\d{1,9}(?! \d)|,\d{1,9}(?!\W?\d))?(?:Z|[+-][01]\d(?::?[0-5]\d)?)?\b/g,
  /\b[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)\d\d,?[T _](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9}(?! \d)|,\d{1,9}(?!\W?\d))?)?\b/g,
  // An amount beside the sign of its currency.
  /\p{Sc} ?(?:\d{1,3}(?:[,.']\d{3}){1,2}|\d{1,6})[.,]\d\d(?![.,]?\d)/gu,
  /(?<!\d[\W_]?)(?:\d{1,3}(?:[,.']\d{3}){1,2}|\d{1,6})[.,]\d\d ?\p{Sc}/gu,
  // A phone number of North America, apart from other digits.
  /(?<![\d.-]|\d )(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])\d{3}[.-]\d{4}(?![.-]?\d| \d)/g,
];

/** Its last digit may be an X; without one it is judged as digits. */
const CHINESE_IDENTITY = /\b[1-8]\d{5}(?:19|20)\d{9}X\b/gi;

const IBAN_START = /\b[A-Z]{2}\d{2}/gi;
/** Each takes as long as reading some hundred characters. */
const MOST_IBANS = 50;
/** Fewer digits hide no card number. */
const LEAST_DIGITS = 13;
const GROUP = 4;
const SEPARATORS = /[ \u00a0\u2009\u202f.-]/;

function withoutIbans(text: string): string {
  let rest = '';
  let at = 0;
  let tried = 0;
  for (const { index } of text.matchAll(IBAN_START)) {
    if (tried++ === MOST_IBANS) break;
    const end = index < at ? null : endOfIban(text, index);
    if (end === null) continue;
    rest += `${text.slice(at, index)}x`;
    at = end;
  }
  return rest + text.slice(at);
}

/** Where the IBAN ends that starts here: written together, or in groups of four with one separator. */
function endOfIban(text: string, start: number): number | null {
  const length = countrySpecs[text.slice(start, start + 2).toUpperCase()]?.chars;
  if (!length) return null;
  const separator = text.charAt(start + GROUP);
  const isGrouped = SEPARATORS.test(separator);
  const end = start + length + (isGrouped ? Math.ceil(length / GROUP) - 1 : 0);
  if (/[A-Z0-9]/i.test(text.charAt(end))) return null;
  const groups = isGrouped ? text.slice(start, end).split(separator) : [text.slice(start, end)];
  if (isGrouped && groups.some((group, at) => at + 1 < groups.length && group.length !== GROUP)) return null;
  return isIban(groups.join('').toUpperCase(), length) ? end : null;
}

/** The digits within an account number that only its own bank can judge are not asked for. */
function isIban(text: string, length: number): boolean {
  if (text.length !== length || text.replace(/\D/g, '').length < LEAST_DIGITS) return false;
  const { errorCodes } = validateIBAN(text, { allowQRIBAN: true });
  return errorCodes.every((code) => code === ValidationErrorsIBAN.WrongAccountBankBranchChecksum);
}
