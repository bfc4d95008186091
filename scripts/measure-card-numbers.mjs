// How often numbers that are no card's are refused as one: the tables of docs/security.md, by
// `npm run measure:card-numbers`.
import { containsCardNumber } from '../dist/shared/card-number.js';
import { digits, ORDINARY_NUMBERS, seeded } from './ordinary-numbers.mjs';

const OF_EACH_LENGTH = 200_000;
const OF_EACH_KIND = 20_000;
const LENGTHS = Array.from({ length: 12 }, (_, at) => at + 13);

const row = (cells) => `| ${cells.join(' | ')} |`;
const percent = (share) => `${(share * 100).toFixed(1)} %`;

function refused(make, count, kind) {
  const random = seeded(20_261_128);
  let found = 0;
  for (let at = 0; at < count; at++) if (containsCardNumber(make(random), kind)) found++;
  return percent(found / count);
}

console.log(row(['random digits', ...LENGTHS]));
console.log(row(['---', ...LENGTHS.map(() => '---')]));
for (const kind of ['text', 'phone']) {
  console.log(
    row([
      kind,
      ...LENGTHS.map((length) => refused((random) => digits(random, length), OF_EACH_LENGTH, kind)),
    ]),
  );
}
console.log(`\n${row(['kind', 'refused'])}\n${row(['---', '---'])}`);
for (const [kind, make] of Object.entries(ORDINARY_NUMBERS))
  console.log(row([kind, refused(make, OF_EACH_KIND)]));
