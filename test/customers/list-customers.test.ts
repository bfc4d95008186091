import type { Answer, Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { aMerchant } from './factories.js';

interface Listed {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Listing {
  readonly edges: { readonly cursor: string; readonly node: Listed }[];
  readonly nodes: Listed[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const list = `query (
  $first: Int, $after: String, $last: Int, $before: String, $field: CustomerOrderField!, $direction: OrderDirection!
) {
  customers(
    first: $first, after: $after, last: $last, before: $before, orderBy: { field: $field, direction: $direction }
  ) {
    edges { cursor node { id createdAt updatedAt } }
    nodes { id createdAt updatedAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

const orders = ['CREATED_AT', 'UPDATED_AT'].flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => [field, direction] as const),
);
/** Every order read in both directions, with a seed of its own: put a failing test's seed here to repeat it. */
const walks = orders.flatMap(([field, direction]) =>
  ['forward', 'backward'].map(
    (reading) => [field, direction, reading, Math.floor(Math.random() * 1e9)] as const,
  ),
);

const vault = await startVault();

afterAll(() => vault.close());

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Spreads customers over ten instants, so that many share one, which also differ for the two orders. */
async function scatter(ids: readonly string[], random: () => number): Promise<void> {
  const instant = () => new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 10));
  await queryAs(
    vault.databaseUrl,
    `update customers c set created_at = s.created_at, updated_at = s.updated_at
     from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as s (id, created_at, updated_at)
     where c.id = s.id`,
    [ids, ids.map(instant), ids.map(instant)],
  );
}

/** A merchant with 57 customers at random places of both orders. */
async function aMerchantWith57(random: () => number) {
  const owner = await aMerchant(vault);
  const ids = await Promise.all(Array.from({ length: 57 }, async () => (await aCustomer(owner)).id));
  await scatter(ids, random);
  return { owner, ids };
}

/** Reads the list page by page to its end; `between` happens after each page. */
async function walk(
  owner: Client,
  {
    order: [field, direction],
    reading,
    random,
  }: { order: readonly [string, string]; reading: string; random: () => number },
  between: () => Promise<void>,
): Promise<Listed[]> {
  const read: Listed[] = [];
  const forward = reading === 'forward';
  for (let cursor: string | null = null, more = true; more; ) {
    const size = 1 + Math.floor(random() * 12);
    const page: object = forward ? { first: size, after: cursor } : { last: size, before: cursor };
    const answer: Answer<{ customers: Listing }> = await owner.execute(list, { ...page, field, direction });
    const { edges, nodes, pageInfo }: Listing = answer.expectData().customers;
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges[0]?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    expect(forward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(cursor !== null);
    more = forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    expect(nodes.length).toBeLessThanOrEqual(size);
    if (more) expect(nodes).toHaveLength(size);
    if (forward) read.push(...nodes);
    else read.unshift(...nodes);
    cursor = (forward ? pageInfo.endCursor : pageInfo.startCursor) ?? cursor;
    await between();
  }
  return read;
}

function inOrder(customers: readonly Listed[], [field, direction]: readonly [string, string]): Listed[] {
  const keyOf = ({ id, createdAt, updatedAt }: Listed) =>
    `${field === 'CREATED_AT' ? createdAt : updatedAt} ${id}`;
  const ascending = customers.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return direction === 'ASC' ? ascending : ascending.reverse();
}

const still = await aMerchantWith57(Math.random);

test.each(walks)(
  'shows every customer once, in order, walking %s %s %s in pages of random sizes (seed %i)',
  async (field, direction, reading, seed) => {
    const random = randomOf(seed);

    const read = await walk(still.owner, { order: [field, direction], reading, random }, async () => {});

    expect(read.map(({ id }) => id).toSorted()).toEqual(still.ids.toSorted());
    expect(read).toEqual(inOrder(read, [field, direction]));
  },
);

test.each(walks)(
  'shows every customer that stays once, walking %s %s %s while others come, go and move (seed %i)',
  async (field, direction, reading, seed) => {
    const random = randomOf(seed);
    const { owner, ids } = await aMerchantWith57(random);
    const others = ids.slice(0, 20);
    const staying = new Set(ids.slice(20));
    const between = async () => {
      const added = await Promise.all([aCustomer(owner), aCustomer(owner)]);
      const [, moved] = added;
      await scatter(
        added.map(({ id }) => id),
        random,
      );
      others.push(...added.map(({ id }) => id));
      const [leaving] = others.splice(Math.floor(random() * others.length), 1);
      await owner.execute(
        'mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }',
        {
          id: leaving,
        },
      );
      await owner.execute(
        'mutation ($id: ID!, $name: String) { updateCustomer(input: { id: $id, name: $name }) { customer { id } } }',
        { id: moved.id, name: `Moved ${random()}` },
      );
    };

    const read = await walk(owner, { order: [field, direction], reading, random }, between);

    const stayed = read.filter(({ id }) => staying.has(id));
    expect(stayed.map(({ id }) => id).toSorted()).toEqual([...staying].toSorted());
    expect(stayed).toEqual(inOrder(stayed, [field, direction]));
    // What is inserted has a place of its own, and in the order of creation nothing moves.
    if (field === 'CREATED_AT') expect(new Set(read.map(({ id }) => id)).size).toBe(read.length);
  },
);

test('moves a customer that changes to the end of the order of changes, and nowhere else', async () => {
  const owner = await aMerchant(vault);
  const first = await aCustomer(owner);
  const second = await aCustomer(owner);
  const [field, direction] = ['UPDATED_AT', 'ASC'];
  // Long enough for a later millisecond.
  await new Promise((resolve) => setTimeout(resolve, 3));

  await owner.execute(
    'mutation ($id: ID!) { updateCustomer(input: { id: $id, name: "Moved" }) { customer { id } } }',
    {
      id: first.id,
    },
  );

  const changed = await owner.execute<{ customers: Listing }>(list, { field, direction });
  const created = await owner.execute<{ customers: Listing }>(list, { field: 'CREATED_AT', direction });
  expect(changed.expectData().customers.nodes.map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(created.expectData().customers.nodes.map(({ id }) => id)).toEqual([first.id, second.id]);
});
