import fc from 'fast-check';
import { checkPhone, phoneForComparison } from '../../src/shared/phone.js';

test.each(['5551234567', '+1 (555) 123-4567', '555.123.4567 x12', '0'])('keeps %s as it is', (text) => {
  expect(checkPhone(` ${text} `)).toEqual({ ok: true, value: text });
});

test('accepts blank text as nothing', () => {
  expect(checkPhone(' ')).toEqual({ ok: true, value: '' });
});

test.each(['call me', '555-CALL', '+-().x', '555/123', '555 123, 556 124', '555 123 #', '1 ext 12 ext 13'])(
  'refuses %s and says what is allowed',
  (text) => {
    expect(checkPhone(text)).toEqual({
      ok: false,
      problem: {
        code: 'INVALID',
        message: 'Not a phone number. It may have digits, spaces and + - ( ) . x',
      },
    });
    expect(phoneForComparison(text)).toBeNull();
  },
);

test.each([
  ['full-width digits and signs', '＋８１（３）１２３４－５６７８', '+81(3)1234-5678'],
  ['Arabic digits', '٠٥٠ ١٢٣ ٤٥٦٧', '050 123 4567'],
  ['Persian digits behind a plus', '+۹۸ ۹۱۲ ۱۲۳ ۴۵۶۷', '+98 912 123 4567'],
  ['Devanagari digits', '+९१ ९८७६५ ४३२१०', '+91 98765 43210'],
  ['marks of direction', '\u202a+1 555 123 4567\u202c', '+1 555 123 4567'],
  ['marks of direction within', '+1\u200e 555\u2066 123\u2069 4567', '+1 555 123 4567'],
  ['no-break blanks', '555\u00a0123\u202f4567', '555 123 4567'],
  ['a tab and a line end', '\t555\t123\r\n', '555 123'],
  ['a zero-width blank and a soft hyphen', '555\u200b123\u00ad4567', '5551234567'],
  ['typographic hyphens', '555\u2010123\u20114567\u20138\u22129', '555-123-4567-8-9'],
  ['tel:', 'tel:+1-555-123-4567', '+1-555-123-4567'],
  ['TEL: and a blank', 'Tel.: 555 1234', '555 1234'],
  ['an extension of RFC 3966', 'tel:+1-555-123-4567;ext=12', '+1-555-123-4567x12'],
  ['ext.', '+1 (555) 123-4567 ext. 12', '+1 (555) 123-4567x12'],
  ['Ext without a dot', '555 1234 Ext 12', '555 1234x12'],
  ['extension', '555-1234, extension 12', '555-1234x12'],
  ['#', '(555) 123-4567 #12', '(555) 123-4567x12'],
  ['# at once', '555#12', '555x12'],
  ['X', '555X12', '555x12'],
])('cleans a number with %s', (_, text, expected) => {
  expect(checkPhone(text)).toEqual({ ok: true, value: expected });
  expect(phoneForComparison(text)).toBe(phoneForComparison(expected));
});

test.each(['4242#4242#4242#4242', '４２４２ ４２４２ ４２４２ ４２４２', 'tel:4242424242424242'])(
  'refuses the card number in %s before it is cleaned',
  (text) => {
    expect(checkPhone(text)).toMatchObject({ problem: { code: 'CARD_NUMBER_REFUSED' } });
  },
);

test('accepts 20 characters and no more', () => {
  expect(checkPhone('1'.repeat(12).padEnd(19, '-').concat('1')).ok).toBe(true);
  expect(checkPhone('1'.repeat(12).padEnd(20, '-').concat('1'))).toMatchObject({
    problem: { code: 'TOO_LONG' },
  });
});

test('refuses a card number', () => {
  expect(checkPhone('4242 4242 4242 4242')).toMatchObject({ problem: { code: 'CARD_NUMBER_REFUSED' } });
});

test('accepts a mobile number that would do as a 13-digit card number', () => {
  expect(checkPhone('4222222222222')).toEqual({ ok: true, value: '4222222222222' });
});

test('compares by the digits and a leading plus', () => {
  expect(phoneForComparison('+1 (555) 123-4567')).toBe('+15551234567');
  expect(phoneForComparison('(+1) 555.123.4567')).toBe('+15551234567');
  expect(phoneForComparison('555-123-4567')).toBe('5551234567');
  expect(phoneForComparison('555+1')).toBe('5551');
});

test('compares nothing without a digit', () => {
  expect(phoneForComparison('')).toBeNull();
});

test('compares as the same what differs only in what stands between digits', () => {
  const gaps = fc.array(fc.constantFrom('', ' ', '-', '.', '(', ')', 'x'), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(gaps, (between) => {
      expect(phoneForComparison(between.map((gap, at) => `${at}${gap}`).join(''))).toBe('0123456789');
    }),
  );
});
