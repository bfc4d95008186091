import { instantOf } from '../../src/read-plan/columns.js';

test.each([
  ['2023-07-13 05:28:11.139+00', '2023-07-13T05:28:11.139Z'],
  ['2023-07-13 05:28:11.1+00', '2023-07-13T05:28:11.100Z'],
  ['2023-07-13 05:28:11+00', '2023-07-13T05:28:11.000Z'],
  ['2023-07-13 05:28:11.01+00', '2023-07-13T05:28:11.010Z'],
])('reads the instant %s', (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test.each([
  '2023-07-13 05:28:11.139-05',
  '2023-07-13 05:28:11.139+02',
  '2023-07-13 05:28:11.139+00:30',
  '2023-07-13T05:28:11.139+05:30',
  '07/13/2023 05:28:11.139 UTC',
  '13.07.2023 05:28:11.139 UTC',
  'Thu Jul 13 05:28:11.139 2023 UTC',
  'infinity',
])('refuses the instant %s, which is not as a session in UTC writes it', (text) => {
  expect(() => instantOf(text)).toThrow('An instant is not in UTC.');
});
