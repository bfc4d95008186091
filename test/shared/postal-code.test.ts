import { toPostalCode } from '../../src/shared/postal-code.js';

test.each([
  ['85001', 'USA'],
  ['85001-1234', 'USA'],
  ['K1A 0B1', 'CAN'],
  ['K1A0B1', 'CAN'],
  ['k1a 0b1', 'CAN'],
  ['SW1A 1AA', 'GBR'],
  ['100-0001', 'JPN'],
  ['〒100-0001', 'JPN'],
  ['１２３４', 'JPN'],
  ['01.310-100', 'BRA'],
  ['-', 'HKG'],
  ['SW1A_1AA', 'GBR'],
  ['1', 'ISL'],
  ['123456789012', null],
])('keeps %s for %s', (text, country) => {
  expect(toPostalCode(text, country)).toBe(text);
});

test.each([
  ['335583321', 'USA', '33558-3321'],
  ['33558-', 'USA', '33558'],
  ['33558-3321-', 'USA', '33558-3321'],
  ['33558 3321', 'USA', '33558-3321'],
  ['33558\u20133321', 'USA', '33558-3321'],
  ['３３５５８', 'USA', '33558'],
  ['٣٣٥٥٨', 'USA', '33558'],
  ['33\u200b558\u22123321', 'USA', '33558-3321'],
  ['３３５５８ー３３２１', 'USA', '33558-3321'],
  ['K1A-0B1', 'CAN', 'K1A 0B1'],
  ['k1a\u20110b1', 'CAN', 'k1a 0b1'],
  ['K1A\u00a00B1', 'CAN', 'K1A 0B1'],
])('reads %j for %s as %s', (text, country, expected) => {
  expect(toPostalCode(text, country)).toBe(expected);
});

test.each([
  ['8500', 'USA'],
  ['850011', 'USA'],
  ['85001--1234', 'USA'],
  ['85001  1234', 'USA'],
  ['85001-123', 'USA'],
  ['85001\n', 'USA'],
  ['K1A  0B1', 'CAN'],
  ['11A 0B1', 'CAN'],
  ['85001', 'CAN'],
])('refuses %j for %s', (text, country) => {
  expect(toPostalCode(text, country)).toBeNull();
});
