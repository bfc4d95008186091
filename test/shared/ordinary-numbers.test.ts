import { digits, ORDINARY_NUMBERS, seeded } from '../../scripts/ordinary-numbers.mjs';
import { containsCardNumber } from '../../src/shared/card-number.js';

const CARDS = [
  '4242424242424242',
  '378282246310005',
  '30569309025904',
  '6205500000000000004',
  '6799990100000000019',
];
const GROUPINGS = [
  (card: string) => card,
  (card: string) => card.replace(/\d{4}(?=\d)/g, '$& '),
  (card: string) => card.replace(/^(\d{4})(\d{6})/, '$1-$2-'),
];
const JOINTS = [' ', ', ', ',', '/', ' / ', '\n', ':', '-', '.', '_', ' (', '|'];

/** How many of a hundred are refused at most; none of all other kinds. docs/security.md has the shares. */
const MOST_REFUSED: Record<string, number> = {
  SIRET: 6,
  CNPJ: 2,
  'snowflake, 18 digits': 6,
  'shop id, 13 digits': 3,
  'parcel number, 20 random digits': 10,
  'parcel number, 22 digits (9400…)': 5,
  'boleto, 47 digits': 9,
  'two phone numbers of Germany': 4,
  'ten sizes in a row': 50,
};

const kinds = Object.entries(ORDINARY_NUMBERS);

test.each(kinds)('refuses no more than it must of the kind: %s', (kind, make) => {
  const random = seeded(20_261_128);
  const texts = Array.from({ length: 2_000 }, () => make(random));
  const refused = texts.filter((text) => containsCardNumber(text));
  expect(refused.length).toBeLessThanOrEqual((MOST_REFUSED[kind] ?? 0) * 20);
});

test.each(kinds)('refuses a card number beside a number of the kind: %s', (_, make) => {
  const random = seeded(3);
  const missed = CARDS.flatMap((card) => GROUPINGS.map((group) => group(card)))
    .flatMap((card) => JOINTS.flatMap((joint) => [make(random) + joint + card, card + joint + make(random)]))
    .filter((text) => !containsCardNumber(text));
  expect(missed).toEqual([]);
});

test.each([20, 21, 22, 23])('refuses at most one of ten runs of %i random digits', (length) => {
  const random = seeded(length);
  const refused = Array.from({ length: 5_000 }, () => digits(random, length)).filter((text) =>
    containsCardNumber(text),
  );
  expect(refused.length).toBeLessThan(500);
});

test.each([
  ['an IBAN with other check digits', 'AT60 4242 4242 4242 4242', 'AT61 4242 4242 4242 4242'],
  ['an IBAN in other groups', 'AT60 4242 4242 4242 4242', 'AT60 42424242 4242 4242'],
  ['an IBAN within a word', 'AT60 4242 4242 4242 4242', 'BAT60 4242 4242 4242 4242'],
  ['an account id that begins unlike one of Google', '104244242424242424242', '124244242424242424242'],
  ['a time at half past 25', '20261128253042424242', '20264242424242424242'],
  ['a SIRET in the groups of a card', '380 129 866 46850', '3801 298664 6850'],
  ['a SIRET without groups, which a card could be', '380129866 46850', '38012986646850'],
  ['a CLABE with another check digit', '646180157000000059', '646180157000000000'],
  ['a CNPJ without its signs', '38.520.000/0232-44', '38520000023237'],
  ['an identity number with a thirteenth month', '6712316788081', '6713316788472'],
  ['a parcel number that begins otherwise', '00424242424242424244', '01424242424242424242'],
])('takes %s for what it looks like', (_, known, other) => {
  expect([containsCardNumber(known), containsCardNumber(other)]).toEqual([false, true]);
});

test.each([
  ['a lower-case IBAN in a sentence', 'to fr7630006000011234567890189, please'],
  ['a Chinese identity number that ends in x', '11010519491231002x'],
  ['an account id behind a name', 'google-oauth2|108204268033311374519'],
  ['EAN-13, several', '5901234123457, 5012345678900; 6001067021257'],
  ['a South African identity number in groups', '670101 5009 087'],
])('lets pass %s', (_, text) => {
  expect(containsCardNumber(text)).toBe(false);
});
