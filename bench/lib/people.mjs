import { faker } from '@faker-js/faker/locale/en';

const SEED = 20_260_115;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const LAST_DAY = Date.UTC(2025, 11, 31);
/** The n-th most frequent name is about n to this power times rarer than the first, as in a census. */
const ZIPF = 0.5;

const { first_name: firstNames, last_name: lastNames } = faker.rawDefinitions.person;
const { city_pattern: _, street_suffix: streetSuffixes, state_abbr: states } = faker.rawDefinitions.location;

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A picker that prefers the first items as people prefer some names. */
function frequent(items) {
  const sums = [];
  let total = 0;
  for (let rank = 1; rank <= items.length; rank += 1) {
    total += 1 / rank ** ZIPF;
    sums.push(total);
  }
  return (random) => {
    const wanted = random() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return items[low];
  };
}

const shuffle = (items, random) =>
  items
    .map((item) => [random(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

// Alphabetical lists would make every frequent name begin with A.
const order = randomOf(SEED);
const firstName = frequent(
  shuffle([...new Set([...(firstNames.generic ?? []), ...(firstNames.female ?? [])])], order),
);
const lastName = frequent(shuffle([...(lastNames.generic ?? lastNames)], order));
const cities = frequent(
  Array.from(
    { length: 500 },
    (_, index) =>
      `${pickOf(lastNames.generic)(order)}${['ville', ' City', 'burg', 'ton', ' Falls'][index % 5]}`,
  ),
);
const mailHosts = frequent([
  'example.com',
  'example.org',
  'mail.example.net',
  'post.example',
  'inbox.example',
]);
const brands = frequent(['VISA', 'MASTERCARD', 'AMEX', 'DISCOVER', 'JCB']);

function pickOf(items) {
  return (random) => items[Math.floor(random() * items.length)];
}

/**
 * The customer with this number, as a caller would send it: the same for the same number, however many there are.
 * `share` is its place among all of them, from 0 to 1, and decides when it was created.
 */
export function personAt(number, share) {
  const random = randomOf(SEED + Math.imul(number, 2_654_435_761));
  const [first, last] = [firstName(random), lastName(random)];
  const digits = (count) => String(Math.floor(random() * 10 ** count)).padStart(count, '0');
  const mailbox = `${first}.${last}${digits(3)}`.toLowerCase().replace(/[^a-z0-9.]/g, '');
  return {
    createdAt: new Date(FIRST_DAY + Math.floor((LAST_DAY - FIRST_DAY) * share)),
    input: {
      name: `${first} ${last}`,
      email: `${mailbox}@${mailHosts(random)}`,
      phone: `+1 ${200 + Math.floor(random() * 799)} 555 ${digits(4)}`,
      reference: `C-${String(number).padStart(8, '0')}`,
      metadata: number % 3 === 0 ? { tier: pickOf(['silver', 'gold'])(random) } : null,
      addresses: [addressOf('Home', random), addressOf('Work', random)],
    },
    methods: [cardOf(random, digits), number % 4 === 0 ? accountOf(random, digits) : cardOf(random, digits)],
  };
}

function addressOf(label, random) {
  return {
    label,
    line1: `${1 + Math.floor(random() * 9_800)} ${lastName(random)} ${pickOf(streetSuffixes)(random)}`,
    line2: random() < 0.2 ? `Apt ${1 + Math.floor(random() * 40)}` : null,
    city: cities(random),
    state: pickOf(states)(random),
    postalCode: String(10_001 + Math.floor(random() * 89_000)),
    country: 'USA',
  };
}

/** A card of the sandbox. */
export function cardOf(random, digits) {
  return {
    type: 'CARD',
    brand: brands(random),
    lastFour: digits(4),
    cvcCheck: 'FULL_MATCH',
    addressCheck: 'NOT_VERIFIED',
    expiry: { month: 1 + Math.floor(random() * 12), year: 2027 + Math.floor(random() * 6) },
    tokenType: 'PLATFORM',
  };
}

function accountOf(random, digits) {
  return {
    type: 'ACH',
    bankAccountType: random() < 0.8 ? 'CHECKING' : 'SAVINGS',
    lastFour: digits(4),
    verified: random() < 0.9,
  };
}
