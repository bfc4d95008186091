// Not the package's main file, which loads the names of the countries in every language.
import countries from 'i18n-iso-countries/index.js';

/** The ISO 3166-1 alpha-3 code of an alpha-2 or alpha-3 code in any case; null when there is no such country. */
export function toAlpha3(text: string): string | null {
  if (!/^[A-Za-z]{2,3}$/.test(text)) return null;
  const code = text.toUpperCase();
  if (code.length === 2) return countries.alpha2ToAlpha3(code) ?? null;
  return countries.alpha3ToAlpha2(code) === undefined ? null : code;
}
