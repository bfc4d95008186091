import fc from 'fast-check';
import { isExpired, parseMonth } from '../../src/shared/expiry.js';

test('lets a card live until its month has ended everywhere on earth', () => {
  expect(isExpired({ month: 2, year: 2024 }, new Date('2024-02-29T23:59:59.999-12:00'))).toBe(false);
  expect(isExpired({ month: 2, year: 2024 }, new Date('2024-03-01T11:59:59.999Z'))).toBe(false);
  expect(isExpired({ month: 2, year: 2024 }, new Date('2024-03-01T12:00:00.000Z'))).toBe(true);
  expect(isExpired({ month: 2, year: 2024 }, new Date('2024-03-01T00:00:00-08:00'))).toBe(false);
});

test('goes from December to January', () => {
  expect(isExpired({ month: 12, year: 2023 }, new Date('2024-01-01T11:59:59.999Z'))).toBe(false);
  expect(isExpired({ month: 12, year: 2023 }, new Date('2024-01-01T12:00:00.000Z'))).toBe(true);
  expect(isExpired({ month: 1, year: 2024 }, new Date('2024-01-01T12:00:00.000Z'))).toBe(false);
});

test('agrees with the noon after the last day of the month', () => {
  const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1990, max: 2099 }),
      days,
      (month, year, now) => {
        expect(isExpired({ month, year }, now)).toBe(now.getTime() >= Date.UTC(year, month, 1, 12));
      },
    ),
  );
});

test.each([
  ['2023-07', { year: 2023, month: 7 }],
  ['2024-12', { year: 2024, month: 12 }],
])('reads %s', (text, expected) => {
  expect(parseMonth(text)).toEqual(expected);
});

test.each([
  '',
  '2023',
  '2023-7',
  '2023-00',
  '2023-13',
  '23-07',
  '2023-07-01',
  ' 2023-07',
  '2023-07\n',
  '２０２３-07',
])('reads no month in %j', (text) => {
  expect(parseMonth(text)).toBeNull();
});
