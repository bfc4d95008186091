// Not the package's main file, which loads the names of the countries in every language.
import countries from 'i18n-iso-countries/index.js';

/** ISO has no code for Kosovo; XK and XKX are in use. The package has XKK, which was stored once. */
const KOSOVO: ReadonlySet<string> = new Set(['XK', 'XKX', 'XKK']);

/** Codes that are taken for a country's, and what to say of them. */
const TAKEN_FOR: ReadonlyMap<string, string> = new Map([
  ['UK', 'The United Kingdom is GB.'],
  ['EL', 'Greece is GR.'],
  ['ROM', 'Romania is ROU.'],
  ['TMP', 'Timor-Leste is TLS.'],
]);

const MESSAGE = 'Not an ISO 3166-1 alpha-2 or alpha-3 code.';

/** The ISO 3166-1 alpha-3 code of an alpha-2 or alpha-3 code in any case; null when there is no such country. */
export function toAlpha3(text: string): string | null {
  if (!/^[A-Za-z]{2,3}$/.test(text)) return null;
  const code = text.toUpperCase();
  if (KOSOVO.has(code)) return 'XKX';
  if (code.length === 2) return countries.alpha2ToAlpha3(code) ?? null;
  return countries.alpha3ToAlpha2(code) === undefined ? null : code;
}

/** The alpha-2 code of an alpha-3 code. */
export function toAlpha2(alpha3: string): string | null {
  return alpha3 === 'XKX' ? 'XK' : (countries.alpha3ToAlpha2(alpha3) ?? null);
}

/** What to tell whoever sends a code that is no country's. */
export function countryHint(text: string): string {
  const hint = TAKEN_FOR.get(text.toUpperCase());
  return hint ? `${MESSAGE} ${hint}` : MESSAGE;
}
