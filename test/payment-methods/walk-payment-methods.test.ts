import { changed } from '../support/changes.js';
import { Clock, tickingClock } from '../support/clock.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

let ticking: TestVault;
let standing: TestVault;

beforeAll(async () => {
  ticking = await startVault({ now: tickingClock() });
  // Here every payment method is linked in the same millisecond.
  standing = await startVault({ now: new Clock('2030-01-01T00:00:00.000Z').now });
});

afterAll(() => Promise.all([ticking.close(), standing.close()]));

/** Numbers below a bound, always the same ones for a seed. */
function randomNumbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

interface WalkedPage {
  readonly nodes: { readonly id: string }[];
  readonly pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
    Record<'startCursor' | 'endCursor', string | null>;
}

async function page(vault: TestVault, id: string, args: object): Promise<WalkedPage> {
  const answer = await vault.owner.execute(
    `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      customer(id: $id) {
        paymentMethods(first: $first, after: $after, last: $last, before: $before) {
          nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    { id, ...args },
  );
  return answer.expectData().customer.paymentMethods;
}

/** Walks the whole list, from the end when backward, and gives the ids in the list's own order. */
async function walk(
  fetchPage: (args: object) => Promise<WalkedPage>,
  direction: 'forward' | 'backward',
  random: (bound: number) => number,
  between: () => Promise<void>,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const size = 1 + random(4);
    const args = direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor };
    const { nodes, pageInfo } = await fetchPage(args);
    const ids = nodes.map(({ id }) => id);
    if (direction === 'forward') seen.push(...ids);
    else seen.unshift(...ids);
    const more = direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (!more) return seen;
    cursor = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    await between();
  }
  throw new Error('The walk does not end.');
}

/** A customer with so many payment methods, all told in the order of the list; the first of them is the default. */
async function aCustomerWith(vault: TestVault, count: number) {
  const { id } = await aCustomer(vault.owner);
  const ids: string[] = [];
  for (let linked = 0; linked < count; linked += 1) ids.push((await aPaymentMethod(vault.owner, id)).id);
  return { id, listed: [ids[0] ?? '', ...ids.slice(1).toReversed()] };
}

test.each([
  ['forward', 'ticking'],
  ['backward', 'ticking'],
  ['forward', 'standing'],
  ['backward', 'standing'],
] as const)('walks %s over every one exactly once while the clock is %s', async (direction, clock) => {
  const vault = clock === 'ticking' ? ticking : standing;
  const { id, listed } = await aCustomerWith(vault, 12);
  const random = randomNumbers(7);

  for (let walks = 0; walks < 4; walks += 1) {
    const seen = await walk(
      (args) => page(vault, id, args),
      direction,
      random,
      async () => {},
    );

    expect(seen).toEqual(listed);
  }
});

test.each([
  ['forward', 1],
  ['forward', 2],
  ['backward', 3],
  ['backward', 4],
] as const)(
  'shows going %s every one that stays exactly once while others come and go (seed %i)',
  async (direction, seed) => {
    const { id, listed } = await aCustomerWith(ticking, 16);
    const random = randomNumbers(seed);
    const staying = listed.filter((_, index) => index % 2 === 0);
    const going = listed.filter((_, index) => index % 2 === 1);
    const gone: string[] = [];

    const seen = await walk(
      (args) => page(ticking, id, args),
      direction,
      random,
      async () => {
        const [leaving] = going.splice(random(going.length), 1);
        if (leaving) gone.push(leaving);
        if (leaving) await changed(ticking.owner, 'unlinkPaymentMethod', { id: leaving });
        if (random(2) === 0) await aPaymentMethod(ticking.owner, id);
      },
    );

    expect(gone.length).toBeGreaterThan(2);
    expect(seen.filter((each) => staying.includes(each))).toEqual(staying);
    expect(new Set(seen).size).toBe(seen.length);
  },
);

test('shows every one whose place did not change exactly once while the default moves', async () => {
  const { id, listed } = await aCustomerWith(ticking, 10);
  const random = randomNumbers(5);
  const moving = listed.slice(0, 3);
  const staying = listed.slice(3);

  const seen = await walk(
    (args) => page(ticking, id, args),
    'forward',
    random,
    async () => {
      await changed(ticking.owner, 'setDefaultPaymentMethod', { id: moving[random(3)] });
    },
  );

  expect(seen.filter((each) => staying.includes(each))).toEqual(staying);
});
