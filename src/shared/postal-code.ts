const UNITED_STATES = /^[0-9]{5}(?:-[0-9]{4})?$/;
const CANADA = /^[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]$/;
const ELSEWHERE = /^[A-Za-z0-9][A-Za-z0-9 -]{0,11}$/;

/**
 * Whether a trimmed text has the form of a postal code of that country (alpha-3; null when none is given).
 * It is stored as written: Canadian letters count in either case.
 */
export function isPostalCode(text: string, country: string | null): boolean {
  if (country === 'USA') return UNITED_STATES.test(text);
  if (country === 'CAN') return CANADA.test(text);
  return ELSEWHERE.test(text);
}
