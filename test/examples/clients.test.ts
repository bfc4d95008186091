import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientProject, makeClientProject } from '../support/client-project.js';
import { type Any, type ClientVault, namesOf, startClientVault } from '../support/client-vault.js';
import { type LossyProxy, startLossyProxy } from '../support/lossy-proxy.js';

let vault: ClientVault;
let project: ClientProject;
let proxy: LossyProxy;

beforeAll(async () => {
  vault = await startClientVault();
  proxy = await startLossyProxy(vault.url);
  project = makeClientProject(readFileSync('docs/clients.md', 'utf8'));
}, 120_000);

afterAll(async () => {
  project.remove();
  await proxy.close();
  await vault.close();
});

const example = (file: string): Promise<Any> => import(join(project.folder, file));

type Input = { readonly name: string; readonly metadata: object };

/** How each example creates a customer. */
const creations: Record<string, (url: string, key: string, input: Input) => Promise<Any>> = {
  fetch: async (url, key, input) => (await example('fetch.mjs')).createCustomer(url, key, input),
  'Apollo Client': async (url, key, input) => {
    const { vaultClient, createCustomer } = await example('apollo-client.mjs');
    return createCustomer(vaultClient(url, key), input);
  },
  urql: async (url, key, input) => {
    const { vaultClient, createCustomer } = await example('urql.mjs');
    return createCustomer(vaultClient(url, key), input);
  },
  Relay: async (url, key, input) => {
    const environment = (await example('relay.mjs')).vaultEnvironment(url, key);
    return (await example('relay-customers.compiled.ts')).createCustomer(environment, input);
  },
  'graphql-request': async (url, key, input) => {
    const { vaultClient, createCustomer } = await example('graphql-request.ts');
    return createCustomer(vaultClient(url, key), input);
  },
  'gql.tada': async (url, key, input) => {
    const client = (await example('graphql-request.ts')).vaultClient(url, key);
    return (await example('gql-tada.ts')).createCustomer(client, input);
  },
  genql: async (url, key, input) => (await example('genql.ts')).createCustomer(url, key, input),
};

test.each(Object.keys(creations))(
  '%s: makes one customer although an answer is lost and a try refused',
  async (name) => {
    const before = await vault.allCustomers();
    const triesBefore = proxy.tries.size;

    const made = await creations[name]?.(proxy.url, vault.key, { name, metadata: { from: name } });

    const after = await vault.allCustomers();
    expect(made).toMatchObject({ customer: { id: after[0]?.id, version: 1 }, userErrors: [] });
    expect(after[0]).toMatchObject({ name, metadata: { from: name } });
    expect(after.slice(1)).toEqual(before);
    expect([...proxy.tries.values()].slice(triesBefore)).toEqual([3]);
  },
);

test.each(Object.keys(creations))('%s: gives what can be mended, and changes nothing', async (name) => {
  const before = await vault.allCustomers();

  const refused = await creations[name]?.(vault.url, vault.key, { name: ' ', metadata: {} });

  expect(refused).toMatchObject({
    customer: null,
    userErrors: [{ code: 'REQUIRED', field: ['input', 'name'] }],
  });
  expect(await vault.allCustomers()).toEqual(before);
});

test.each(Object.keys(creations))('%s: throws at once what trying again does not mend', async (name) => {
  const before = await vault.allCustomers();
  const start = performance.now();

  await expect(creations[name]?.(vault.url, 'wrong', { name, metadata: {} })).rejects.toBeDefined();

  expect(performance.now() - start).toBeLessThan(2000);
  expect(await vault.allCustomers()).toEqual(before);
});

test('Relay: keeps customers by id in its store, and joins the pages of a connection', async () => {
  const all = await vault.allCustomers();
  const environment = (await example('relay.mjs')).vaultEnvironment(vault.url, vault.key);
  const { fetchPage, customersIn } = await example('relay-customers.compiled.ts');
  const first = (await fetchPage(environment, { count: 3 })).customers;

  const after = first.pageInfo.endCursor;
  await Promise.all(Array.from({ length: 5 }, () => fetchPage(environment, { count: 3, after })));
  const both = customersIn(environment, { count: 3 });

  expect(namesOf(first)).toEqual(namesOf({ nodes: all.slice(0, 3) }));
  expect(both.edges.map(({ node }: Any) => node)).toMatchObject(all.slice(0, 6));
  expect(both.pageInfo.hasNextPage).toBe(true);
  expect(environment.getStore().getSource().get(all[5]?.id)).toMatchObject({
    __typename: 'Customer',
    name: all[5]?.name,
  });
});

test('graphql-request, genql, gql.tada: go through all pages, at the same time and again and again', async () => {
  const all = await vault.allCustomers();
  const request = await example('graphql-request.ts');
  const genql = await example('genql.ts');
  const tada = await example('gql-tada.ts');
  const client = request.vaultClient(vault.url, vault.key);
  const collect = async (items: AsyncIterable<Any>) => {
    const found = [];
    for await (const item of items) found.push(item);
    return found;
  };
  const filter = { createdAt: { from: all.at(-2)?.createdAt } };
  const one = { search: 'Customer 7' };

  const rounds = await Promise.all(
    Array.from({ length: 5 }, async () => [
      await collect(request.customersOf(client)),
      await collect(genql.customersOf(vault.url, vault.key)),
      await collect(request.customersOf(client, filter, 7)),
      await collect(genql.customersOf(vault.url, vault.key, filter, 7)),
      await collect(request.customersOf(client, one)),
      (await tada.pageOf(client, { first: 100, filter: one })).nodes,
      (await tada.pageOf(client, { first: 100 })).nodes,
    ]),
  );

  const without = all.slice(0, -1);
  const seventh = all.filter(({ name }) => name === 'Customer 7');
  expect(seventh).toMatchObject([{ metadata: { at: '7' } }]);
  for (const round of rounds) expect(round).toEqual([all, all, without, without, seventh, seventh, all]);
});

test('types: the examples have none wrong, and DateTime and Metadata are text in each', () => {
  const complaints = project.complaints(`
    import { createCustomer as byTada, pageOf } from './gql-tada';
    import { createCustomer as byGenql, customersOf as genqlCustomers, vaultClient as genqlClient } from './genql';
    import { createCustomer as byRequest, customersOf, vaultClient } from './graphql-request';
    import { createCustomer as byRelay, customersIn } from './relay-customers';
    import type { CustomerFilter } from './generated/graphql';
    import type { CustomerFilter as GenqlFilter } from './sdk';

    type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
    type Item<G> = G extends AsyncGenerator<infer T> ? T : never;
    type OfRequest = Item<ReturnType<typeof customersOf>>;
    type OfGenql = Item<ReturnType<typeof genqlCustomers>>;
    type OfTada = NonNullable<Awaited<ReturnType<typeof pageOf>>>['nodes'][number];
    type OfRelay = NonNullable<ReturnType<typeof customersIn>>['edges'][number]['node'];
    type At = NonNullable<NonNullable<CustomerFilter['createdAt']>['from']>;
    type GenqlAt = NonNullable<NonNullable<GenqlFilter['createdAt']>['from']>;
    const instants: Exactly<[At, GenqlAt], [string, string]> = true;
    const created: Exactly<
      [OfRequest['createdAt'], OfGenql['createdAt'], OfTada['createdAt'], OfRelay['createdAt']],
      [string, string, string, string]
    > = true;
    const metadata: Exactly<
      [
        NonNullable<OfRequest['metadata']>[string],
        NonNullable<OfGenql['metadata']>[string],
        NonNullable<OfTada['metadata']>[string],
        NonNullable<OfRelay['metadata']>[string],
      ],
      [string, string, string, string]
    > = true;
    const client = vaultClient('', '');
    const good = { name: 'Ada', metadata: { vip: 'yes' } };
    const wrong = { name: 'Ada', metadata: { vip: 1 } };
    byRequest(client, good), byTada(client, good), byGenql('', '', good), byRelay({} as never, good);
    // @ts-expect-error metadata is text
    byRequest(client, wrong);
    // @ts-expect-error metadata is text
    byTada(client, wrong);
    // @ts-expect-error metadata is text
    byGenql('', '', wrong);
    // @ts-expect-error metadata is text
    byRelay({} as never, wrong);
    // @ts-expect-error the payload that once() gives is the mutation's
    byRequest(client, good).then(({ customer }) => customer?.email);
  `);

  expect(complaints).toBe('');
});
