// Made-up numbers of ordinary kinds that are no card's: `make(random)` gives one of the right form. They are measured
// by measure-card-numbers.mjs, and the tests hold the rates that docs/security.md states.

/** The same numbers in every run. */
export function seeded(state) {
  let last = state;
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) | 0;
    // The low bits of such a generator repeat soon.
    return (last >>> 8) / 0x1000000;
  };
}

export function digits(random, length) {
  return Array.from({ length }, () => Math.floor(random() * 10)).join('');
}

function between(random, least, most) {
  return String(least + Math.floor(random() * (most - least + 1))).padStart(String(most).length, '0');
}

const pick = (random, items) => items[Math.floor(random() * items.length)];
const grouped = (text) => text.replace(/.{4}(?=.)/g, '$& ');
const sum = (text, weights) => weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
const lettersAsNumbers = (text) => text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));

function withLuhn(text) {
  const total = [...text].reverse().reduce((so, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return so + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return text + ((10 - (total % 10)) % 10);
}

function withGs1(text) {
  const total = [...text].reverse().reduce((so, digit, at) => so + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return text + ((10 - (total % 10)) % 10);
}

function iban(country, account) {
  const rest = BigInt(lettersAsNumbers(`${account}${country}00`)) % 97n;
  return `${country}${String(98n - rest).padStart(2, '0')}${account}`;
}

const ACCOUNTS = {
  FR: (random) => digits(random, 23),
  ES: (random) => digits(random, 20),
  DE: (random) => digits(random, 18),
  GB: (random) => `${pick(random, ['NWBK', 'BARC', 'LOYD'])}${digits(random, 14)}`,
};

const birthDate = (random, years) => pick(random, years) + between(random, 1, 12) + between(random, 1, 28);
const years = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
const twoDigits = (first, last) => years(first, last).map((year) => year.slice(2));

function clabe(random) {
  const text = pick(random, ['638', '646', '659', '661', '684']) + digits(random, 14);
  const total = [...text].reduce((all, digit, at) => all + ((Number(digit) * [3, 7, 1][at % 3]) % 10), 0);
  return text + ((10 - (total % 10)) % 10);
}

function chineseIdentity(random) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const place = pick(random, [
    '110101',
    '310104',
    '440305',
    '500103',
    '510104',
    '610102',
    '620102',
    '650102',
  ]);
  const text = place + birthDate(random, years(1940, 2010)) + digits(random, 3);
  return text + '10X98765432'[sum(text, weights) % 11];
}

function koreanIdentity(random) {
  const text = birthDate(random, twoDigits(1940, 2015)) + between(random, 1, 4) + digits(random, 5);
  return text + String((11 - (sum(text, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10);
}

function romanianIdentity(random) {
  const text =
    between(random, 5, 6) +
    birthDate(random, twoDigits(2000, 2015)) +
    between(random, 1, 46) +
    digits(random, 3);
  const rest = sum(text, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return text + (rest === 10 ? 1 : rest);
}

function cnpj(random) {
  let text = `${digits(random, 8)}${pick(random, ['0001', '0001', '0002', '0013'])}`;
  for (const weights of [
    [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
    [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
  ]) {
    const rest = sum(text, weights) % 11;
    text += rest < 2 ? 0 : 11 - rest;
  }
  return text;
}

const siret = (random) =>
  withLuhn(`${withLuhn(digits(random, 8))}${pick(random, ['0001', '0002', '0004', '4685'])}`);
const inGroups = (text, lengths) =>
  lengths.map((length, at) => text.slice(total(lengths, at), total(lengths, at) + length)).join(' ');
const total = (lengths, count) => lengths.slice(0, count).reduce((so, length) => so + length, 0);

function nir(random) {
  const text =
    pick(random, ['1', '2']) +
    between(random, 0, 99) +
    between(random, 1, 12) +
    between(random, 1, 95) +
    digits(random, 6);
  return text + String(97 - (Number(text) % 97)).padStart(2, '0');
}

const SECONDS = 2_500_000_000;
function isoTime(random, fraction, zone = 'Z') {
  const time = new Date(Math.floor(random() * SECONDS) * 1000).toISOString().slice(0, 19);
  return `${time}.${digits(random, fraction)}${zone}`;
}
const basicTime = (random, fraction) => isoTime(random, fraction, '').replace(/[-T:.]/g, '');

const phone = (random) =>
  `(${between(random, 2, 9)}${digits(random, 2)}) ${between(random, 2, 9)}${digits(random, 2)}-${digits(random, 4)}`;
const dashed = (random) =>
  [3, 3, 4].map((length) => between(random, 2, 9) + digits(random, length - 1)).join('-');
const coordinate = (random, most) => (random() * most * 2 - most).toFixed(6);

export const ORDINARY_NUMBERS = {
  ...Object.fromEntries(
    Object.entries(ACCOUNTS).flatMap(([country, account]) => [
      [`IBAN ${country}, written together`, (random) => iban(country, account(random))],
      [`IBAN ${country}, in groups of four`, (random) => grouped(iban(country, account(random)))],
    ]),
  ),
  'account id of Google, 21 digits': (random) => pick(random, ['10', '11']) + digits(random, 19),
  'ISO time, microseconds, Z': (random) => isoTime(random, 6),
  'ISO time, microseconds, offset': (random) =>
    isoTime(random, 6, `${pick(random, ['+', '-'])}${between(random, 0, 11)}:30`),
  'ISO time, nanoseconds, with a space': (random) => isoTime(random, 9, '').replace('T', ' '),
  'basic ISO time, microseconds': (random) => isoTime(random, 6).replace(/[-:]/g, ''),
  'time of 20 digits, microseconds': (random) => basicTime(random, 6),
  'time of 23 digits, nanoseconds': (random) => basicTime(random, 9),
  'Unix time in microseconds': (random) => between(random, 1_000_000_000, 2_000_000_000) + digits(random, 6),
  'South African identity number': (random) =>
    withLuhn(`${birthDate(random, twoDigits(1940, 2010))}${digits(random, 4)}${pick(random, ['0', '1'])}8`),
  'Korean identity number': koreanIdentity,
  'Romanian identity number, born from 2000 on': romanianIdentity,
  'Chinese identity number': chineseIdentity,
  'French social security number, in groups': (random) => inGroups(nir(random), [1, 2, 2, 2, 3, 3, 2]),
  'CLABE, bank codes from 6': clabe,
  'EAN-13': (random) => withGs1(digits(random, 12)),
  SIRET: siret,
  'SIRET, in groups': (random) => inGroups(siret(random), [3, 3, 3, 5]),
  CNPJ: cnpj,
  'CNPJ, with its signs': (random) => cnpj(random).replace(/(..)(...)(...)(....)(..)/, '$1.$2.$3/$4-$5'),
  'snowflake, 18 digits': (random) => between(random, 1, 9) + digits(random, 17),
  'snowflake, 19 digits': (random) => `1${digits(random, 18)}`,
  'shop id, 13 digits': (random) => between(random, 1, 9) + digits(random, 12),
  'parcel number, 20 digits (SSCC)': (random) => withGs1(`00${digits(random, 17)}`),
  'parcel number, 20 random digits': (random) => digits(random, 20),
  'parcel number, 22 digits (9400…)': (random) => withGs1(`9400${digits(random, 17)}`),
  'boleto, 47 digits': (random) => digits(random, 47),
  coordinates: (random) => `${coordinate(random, 90)}, ${coordinate(random, 180)}`,
  'two phone numbers of the United States': (random) => `${phone(random)} / ${phone(random)}`,
  'two phone numbers with dashes': (random) => `${dashed(random)}, ${dashed(random)}`,
  'two phone numbers of Germany': (random) => `0171/${digits(random, 7)}, 030/${digits(random, 7)}`,
  'two phone numbers in international form': (random) => `+1 ${digits(random, 10)}, +1 ${digits(random, 10)}`,
  'four amounts': (random) =>
    Array.from({ length: 4 }, () => `${between(random, 1, 999)},${digits(random, 2)} €`).join(', '),
  'ten sizes in a row': (random) => Array.from({ length: 10 }, () => between(random, 34, 46)).join(', '),
};
