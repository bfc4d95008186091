import { countryHint, toAlpha2, toAlpha3 } from '../../src/shared/country.js';

test.each([
  ['US', 'USA'],
  ['us', 'USA'],
  ['USA', 'USA'],
  ['usa', 'USA'],
  ['Ca', 'CAN'],
  ['gbr', 'GBR'],
  ['DE', 'DEU'],
  ['XK', 'XKX'],
  ['xkx', 'XKX'],
  ['XKK', 'XKX'],
])('takes %s for %s', (text, expected) => {
  expect(toAlpha3(text)).toBe(expected);
});

test.each(['', 'U', 'XX', 'ZZZ', 'UK', '840', 'USAA', ' US', 'ＵＳ', 'ıt', 'United States', '__proto__'])(
  'knows no country %j',
  (text) => {
    expect(toAlpha3(text)).toBeNull();
  },
);

test('gives every alpha-3 code back as it is', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((a) => letters.map((b) => toAlpha3(a + b))).filter((code) => code !== null);
  expect(codes.length).toBeGreaterThanOrEqual(249);
  expect(codes.map(toAlpha3)).toEqual(codes);
  expect(codes.map((code) => toAlpha3(toAlpha2(code) ?? ''))).toEqual(codes);
});

test.each([
  ['uk', ' The United Kingdom is GB.'],
  ['EL', ' Greece is GR.'],
  ['ZZ', ''],
])('hints at what is meant by %s', (text, hint) => {
  expect(countryHint(text)).toBe(`Not an ISO 3166-1 alpha-2 or alpha-3 code.${hint}`);
});
