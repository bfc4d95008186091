import { isPostalCode } from '../../src/shared/postal-code.js';

test.each([
  ['85001', 'USA'],
  ['85001-1234', 'USA'],
  ['K1A 0B1', 'CAN'],
  ['K1A0B1', 'CAN'],
  ['k1a 0b1', 'CAN'],
  ['SW1A 1AA', 'GBR'],
  ['100-0001', 'JPN'],
  ['1', 'ISL'],
  ['123456789012', null],
])('accepts %s for %s', (text, country) => {
  expect(isPostalCode(text, country)).toBe(true);
});

test.each([
  ['8500', 'USA'],
  ['850011', 'USA'],
  ['850011234', 'USA'],
  ['85001 1234', 'USA'],
  ['85001\n', 'USA'],
  ['K1A  0B1', 'CAN'],
  ['K1A-0B1', 'CAN'],
  ['11A 0B1', 'CAN'],
  ['85001', 'CAN'],
  ['', 'GBR'],
  ['-', 'GBR'],
  ['SW1A_1AA', 'GBR'],
  ['１２３４', 'JPN'],
  ['1234567890123', null],
])('refuses %j for %s', (text, country) => {
  expect(isPostalCode(text, country)).toBe(false);
});
