import fc from 'fast-check';
import { checkPhone, phoneForComparison } from '../../src/shared/phone.js';

test.each(['5551234567', '+1 (555) 123-4567', '555.123.4567 x12', '0'])('keeps %s as it is', (text) => {
  expect(checkPhone(` ${text} `)).toEqual({ ok: true, value: text });
});

test('accepts blank text as nothing', () => {
  expect(checkPhone(' ')).toEqual({ ok: true, value: '' });
});

test.each(['call me', '555-CALL', '+-().x', '555/123', '５５５', '555\u00a0123', '555#12', '555X12'])(
  'refuses %s',
  (text) => {
    expect(checkPhone(text)).toEqual({
      ok: false,
      problem: { code: 'INVALID', message: 'Not a phone number.' },
    });
    expect(phoneForComparison(text)).toBeNull();
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
