import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { containsCardNumber } from '../../src/shared/card-number.js';

/** Published by Stripe, Adyen, Braintree and PayPal for tests. */
const PUBLISHED = `
  4242424242424242 4111111111111111 4012888888881881 4000056655665556 4000000000000002
  4000002500003155 4917610000000000 4166676667666746 4646464646464644 4444333322221111 4917300800000000
  5555555555554444 5105105105105100 5200828282828210 5454545454545454 5577000055770004 5136333333333335
  2223003122003222 2222400010000008 2222410740360010 2223000048410010
  378282246310005 371449635398431 378734493671000 370000000000002 374251018720018
  6011111111111117 6011000990139424 6445644564456445 6011601160116611 6011981111111113
  30569309025904 38520000023237 36227206271667 3056930009020004 36006666333344
  3530111333300000 3566002020360505 3569990010095841
  6200000000000005 6200000000000047 6205500000000000004 8171999927660000 6250946000000016
  6759649826438453 6771798021000008 6799990100000000019 6304000000000000 5000550000000029`;

/** Lengths and ranges that the published ones leave out, completed with their Luhn digit. */
const COMPLETED = `
  400000123456789012 40000012345678901 272099123456789 222100123456789 30912345678901234 39123456789012345
  352800123456789012 35891234567890123 644123456789012345 501812345678 5812345678901 69123456789012`;

/** Thirteen digits, of Maestro. */
const SHORT_CARD = withLuhnDigit('501812345678');

const CARD_NUMBERS = [...words(PUBLISHED), ...words(COMPLETED).map(withLuhnDigit)];

/** A space of Ogham, a hyphen that does not break, a soft hyphen, a joiner, an enclosing key cap and others. */
const SEPARATORS = [
  ...' -.\u00a0\u1680\u2009\u3000\u2011\u2014\u2212\u00ad\u200b\u200d\u2060\ufeff\u20e3\ufe0f\n\t·',
  ..."_/,':()[]{}<>",
  // The same as East Asia, typographers and Arabs write them; tags, marks from right to left, private use, a smiley.
  ...'＿／，＇：（）［］｛｝＜＞、〈〉【】「」⁄∕’ʼ،ـ',
  ...'\u{e0041}\u200e\u200f\u061c\ue000\u0301\u3164😀',
];

/** Every sign of ASCII but the plus, which announces a phone number unless it stands right behind a digit. */
const ASCII_SIGNS = [...'!"#$%&\'()*,-./:;<=>?@[\\]^_`{|}~ '];

const DISGUISES: Record<string, (digits: string) => string> = {
  'in groups of four': (digits) => digits.replace(/\d{4}(?=\d)/g, '$& '),
  'with dashes and en dashes': (digits) => digits.replace(/\d{5}/g, '$&-\u2013'),
  'with a dot after each digit': (digits) => [...digits].join('.'),
  'with zero-width characters': (digits) => [...digits].join('\u200b\u2060'),
  'in fullwidth digits': (digits) => inScript(digits, 0xff10),
  'in mathematical digits': (digits) => inScript(digits, 0x1d7ce),
  'in digits of several scripts': (digits) =>
    [...digits]
      .map((digit, at) => inScript(digit, [0x660, 0x966, 0x30, 0xe50][at % 4] ?? 0x30))
      .join('\u00a0'),
  'with a slash after each group': (digits) => digits.replace(/\d{4}(?=\d)/g, '$&/'),
  'with a comma and a blank after each digit': (digits) => [...digits].join(', '),
  'as a number with thousands': (digits) => digits.replace(/\B(?=(\d{3})+$)/g, "'"),
  'with underscores and colons': (digits) => digits.replace(/\d{5}/g, '$&_:'),
  'in brackets': (digits) =>
    digits.replace(
      /\d{1,4}/g,
      (group, at) => ['()', '[]', '{}', '<>'][(at / 4) % 4]?.replace(/^./, `$&${group}`) ?? '',
    ),
  'with a plus for each blank': (digits) => digits.replace(/\d{4}(?=\d)/g, '$&+'),
  'in circled digits': (digits) => inScript(digits, 0x245f).replaceAll('\u245f', '\u24ea'),
  'in dingbats': (digits) => inScript(digits, 0x2775).replaceAll('\u2775', '\u24ff'),
  'in brackets that are one character with the digit': (digits) =>
    inScript(digits, 0x2473).replaceAll('\u2473', '0'),
  'in Chinese digits': (digits) => [...digits].map((digit) => '〇一二三四五六七八九'[Number(digit)]).join(''),
  'in Roman digits and zeros': (digits) => inScript(digits, 0x215f).replaceAll('\u215f', '0'),
  'in superscript and subscript digits': (digits) =>
    [...digits].map((digit, at) => [...(at % 2 ? '⁰¹²³⁴⁵⁶⁷⁸⁹' : '₀₁₂₃₄₅₆₇₈₉')][Number(digit)]).join(''),
  'with a footnote': (digits) => `${digits}¹`,
  'behind a circled number': (digits) => `⑫${digits}`,
  'in a sentence, with expiry and code': (digits) => `Jane’s card:${digits} 123, 12/27`,
};

test('knows sixty card numbers to try', () => {
  expect(new Set(CARD_NUMBERS).size).toBeGreaterThanOrEqual(60);
});

test.each(Object.keys(DISGUISES))('refuses every card number %s', (name) => {
  const missed = CARD_NUMBERS.filter((digits) => !containsCardNumber(DISGUISES[name]?.(digits) ?? ''));
  expect(missed).toEqual([]);
});

test('refuses a card number in the digits of every script', () => {
  const zeros = codePoints().filter((at) => isDigit(at) && !isDigit(at - 1));
  const missed = zeros.filter((zero) => !containsCardNumber(inScript('4242424242424242', zero)));
  expect(zeros.length).toBeGreaterThan(60);
  expect(missed).toEqual([]);
});

test('remembers every decimal digit that Unicode has', () => {
  expect(Math.max(...codePoints().filter(isDigit))).toBeLessThan(0x20000);
});

test('refuses circled numbers of two digits', () => {
  expect(containsCardNumber('㊷㊷㊷㊷㊷㊷㊷㊷')).toBe(true);
  expect(containsCardNumber('㊷㊷㊷㊷㊷㊷㊷㊶')).toBe(false);
});

test.each(ASCII_SIGNS)('refuses a number with a %s after each group', (sign) => {
  expect(containsCardNumber(['4242', '4242', '4242', '4242'].join(sign))).toBe(true);
});

test('refuses a number however it is divided', () => {
  const gap = fc.array(fc.constantFrom(...SEPARATORS), { maxLength: 3 }).map((some) => some.join(''));
  const gaps = fc.array(gap, { minLength: 19, maxLength: 19 });
  fc.assert(
    fc.property(fc.constantFrom(...CARD_NUMBERS), gaps, (digits, between) => {
      return containsCardNumber([...digits].map((digit, at) => digit + between[at]).join(''));
    }),
  );
});

test('refuses a number that hides in a longer undivided one', () => {
  expect(containsCardNumber('42424242424242421227123')).toBe(true);
  expect(containsCardNumber('0000000000004242424242424242')).toBe(true);
  expect(containsCardNumber('00067999901000000000190000')).toBe(true);
  expect(containsCardNumber('42424242424242425555555555554444')).toBe(true);
});

test('does not look into the midst of an undivided number that is longer than any card', () => {
  expect(containsCardNumber('9942424242424242424299')).toBe(false);
});

test.each([
  '000042424242424242421227',
  '424242424242424212345678',
  'id 000042424242424242421227',
  '42424242-4242-4242-1234-123456789012',
  ' 00042424-2424-2424-2424-200000000000 ',
])('takes %s for no id, which has letters', (text) => {
  expect(containsCardNumber(text)).toBe(true);
});

test.each(['42424242-4242-4242-8242-12345678901f', '42424242424242424242421f'])(
  'takes %s for an id, which is random',
  (text) => {
    expect(containsCardNumber(text)).toBe(false);
  },
);

test('refuses no text that has fewer than thirteen digits', () => {
  const digits = fc.array(fc.constantFrom(...'0123456789'), { maxLength: 12 });
  fc.assert(
    fc.property(digits, fc.constantFrom(...SEPARATORS), (some, gap) => !containsCardNumber(some.join(gap))),
  );
});

test('refuses a card number in a phone field, with or without a plus', () => {
  expect(containsCardNumber('4242 4242 4242 4242', 'phone')).toBe(true);
  expect(containsCardNumber('+4242424242424242', 'phone')).toBe(true);
  expect(containsCardNumber('378282246310005', 'phone')).toBe(true);
});

test('takes digits after a plus for a phone number in any field', () => {
  expect(containsCardNumber(SHORT_CARD)).toBe(true);
  expect(containsCardNumber(`call +${SHORT_CARD}`)).toBe(false);
  expect(containsCardNumber(`call +1 ${SHORT_CARD}`)).toBe(true);
});

test('takes 13 digits that begin with 4 for no card, since Visa has none left', () => {
  expect(containsCardNumber('4222222222222')).toBe(false);
});

test('does not join what letters part', () => {
  expect(containsCardNumber('4242424242x42424242')).toBe(false);
});

test('refuses neither a longer nor a shorter number that only contains one', () => {
  expect(containsCardNumber('14242424242424242')).toBe(false);
  expect(containsCardNumber('424242424242424')).toBe(false);
});

/** 10,000 of each, the same in every run but for the UUIDs. */
const HARMLESS: Record<string, [(random: () => number) => string, ('text' | 'phone')?]> = {
  'mobile numbers of Germany': [(random) => `49${15e9 + Math.floor(random() * 3e9)}`, 'phone'],
  'mobile numbers of Indonesia': [
    (random) => `62 8${some(random, 2)}-${some(random, 4)}-${some(random, 5)}`,
    'phone',
  ],
  'phone numbers of the United States': [
    (random) => `(${some(random, 3)}) ${some(random, 3)}-${some(random, 4)}`,
  ],
  'phone numbers with an extension': [(random) => `+1 ${some(random, 10)} x${some(random, 5)}`, 'phone'],
  'phone numbers in international form': [(random) => `+${some(random, 13)}`],
  UUIDs: [() => randomUUID()],
  'UUIDs with a letter': [
    (random) => `${[8, 4, 4, 4].map((length) => some(random, length)).join('-')}-${some(random, 11)}b`,
  ],
  'ObjectIds with a letter': [(random) => `${some(random, 20)}e${some(random, 3)}`],
  'times in milliseconds': [(random) => String(1e12 + Math.floor(random() * 1e12))],
};

test.each(Object.keys(HARMLESS))('refuses none of 10,000 %s', (name) => {
  const [make, kind] = HARMLESS[name] ?? [() => '4242424242424242'];
  const random = seeded(20230713);
  const refused = Array.from({ length: 10_000 }, () => make(random)).filter((text) =>
    containsCardNumber(text, kind),
  );
  expect(refused).toEqual([]);
});

test('finds its way through as long a text as a body can hold', () => {
  const half = 131_072;
  expect(containsCardNumber('1'.repeat(half * 2))).toBe(false);
  expect(containsCardNumber(`${'1 '.repeat(half)}x4242424242424242`)).toBe(true);
});

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function withLuhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return digits + ((10 - (sum % 10)) % 10);
}

function inScript(digits: string, zero: number): string {
  return [...digits].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
}

function codePoints(): number[] {
  return Array.from({ length: 0x110000 }, (_, at) => at);
}

function isDigit(codePoint: number): boolean {
  return /\p{Nd}/u.test(String.fromCodePoint(codePoint));
}

function seeded(state: number): () => number {
  let last = state;
  return () => {
    last = (Math.imul(last, 1_103_515_245) + 12_345) & 0x7fffffff;
    return last / 0x80000000;
  };
}

/** Some digits. */
function some(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 10)).join('');
}
