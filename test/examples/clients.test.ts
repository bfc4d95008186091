import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gql } from '@apollo/client/core';
import { buildSchema, parse, print, validate } from 'graphql';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from '../support/client.js';
import { type ClientProject, makeClientProject } from '../support/client-project.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { type LossyProxy, startLossyProxy } from '../support/lossy-proxy.js';
import { startVault, type TestVault } from '../support/vault.js';
import { CUSTOMER, PAYMENT_METHOD } from '../support/whole-customer.js';

// biome-ignore lint/suspicious/noExplicitAny: the examples are as they stand in the guide, most of them JavaScript.
type Any = any;

const run = promisify(execFile);
const now = () => new Date();
const guide = readFileSync('docs/clients.md', 'utf8');
const files = readdirSync('examples/clients', { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);
/** More than a page of any example. */
const CUSTOMERS = 53;

let vault: TestVault;
let project: ClientProject;
let proxy: LossyProxy;
let owner: Client;
let key: string;

beforeAll(async () => {
  vault = await startVault();
  const making = { db: vault.database, keyring: vault.keyring, ids: new IdGenerator(now), now };
  ({ key } = await createMerchant(making, { name: 'Client', mode: 'test' }));
  owner = new Client(vault.url, { authorization: `Bearer ${key}` });
  for (let at = 0; at < CUSTOMERS; at += 1)
    await aCustomer(owner, { name: `Customer ${at}`, metadata: { at: `${at}` } });
  proxy = await startLossyProxy(vault.url);
  project = makeClientProject(guide);
}, 120_000);

afterAll(async () => {
  project.remove();
  await proxy.close();
  await vault.close();
});

const example = (file: string): Promise<Any> => import(join(project.folder, file));

/** All customers as the server gives them to a caller without a client library, newest first. */
async function allCustomers(): Promise<{ id: string; name: string; metadata: object; createdAt: string }[]> {
  const answer = await owner.execute('{ customers(first: 100) { nodes { id name metadata createdAt } } }');
  return answer.expectData().customers.nodes;
}

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
    const before = await allCustomers();
    const triesBefore = proxy.tries.size;

    const made = await creations[name]?.(proxy.url, key, { name, metadata: { from: name } });

    const after = await allCustomers();
    expect(made).toMatchObject({ customer: { id: after[0]?.id, version: 1 }, userErrors: [] });
    expect(after[0]).toMatchObject({ name, metadata: { from: name } });
    expect(after.slice(1)).toEqual(before);
    expect([...proxy.tries.values()].slice(triesBefore)).toEqual([3]);
  },
);

test.each(Object.keys(creations))('%s: gives what can be mended, and changes nothing', async (name) => {
  const before = await allCustomers();

  const refused = await creations[name]?.(vault.url, key, { name: ' ', metadata: {} });

  expect(refused).toMatchObject({
    customer: null,
    userErrors: [{ code: 'REQUIRED', field: ['input', 'name'] }],
  });
  expect(await allCustomers()).toEqual(before);
});

test.each(Object.keys(creations))('%s: throws at once what trying again does not mend', async (name) => {
  const before = await allCustomers();
  const start = performance.now();

  await expect(creations[name]?.(vault.url, 'wrong', { name, metadata: {} })).rejects.toBeDefined();

  expect(performance.now() - start).toBeLessThan(2000);
  expect(await allCustomers()).toEqual(before);
});

const namesOf = (list: Any): string[] =>
  (list.nodes ?? list.edges).map((item: Any) => (item.node ?? item).name);
const FIELDS = { nodes: 'nodes { id name }', edges: 'edges { node { id name } }' };
const listOf = (fields: keyof typeof FIELDS) =>
  `query List($after: String, $before: String, $first: Int, $last: Int) {
    customers(first: $first, after: $after, last: $last, before: $before) {
      ${FIELDS[fields]} pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
    }
  }`;

describe.each(['nodes', 'edges'] as const)('with %s', (fields) => {
  test('Apollo Client: fetchMore makes six of three, and a page that is fetched twice counts once', async () => {
    const names = namesOf({ nodes: await allCustomers() });
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, key);
    const query = gql(listOf(fields));
    const list = client.watchQuery({ query, variables: { first: 3 } });
    let onScreen: string[] = [];
    const showing = list.subscribe(({ data }: Any) => {
      onScreen = data ? namesOf(data.customers) : [];
    });
    const shown = () => client.readQuery({ query }).customers;
    const { data } = await client.query({ query, variables: list.variables });
    const after = data.customers.pageInfo.endCursor;
    expect(namesOf(data.customers)).toEqual(names.slice(0, 3));

    await Promise.all(Array.from({ length: 5 }, () => list.fetchMore({ variables: { after } })));

    expect(namesOf(shown())).toEqual(names.slice(0, 6));
    for (let wait = 0; wait < 100 && onScreen.length === 3; wait += 1) await setTimeout(20);
    expect(onScreen).toEqual(names.slice(0, 6));
    expect(shown().pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
    expect(shown().pageInfo.startCursor).toBe(data.customers.pageInfo.startCursor);
    await list.fetchMore({ variables: { after: shown().pageInfo.endCursor } });
    expect(namesOf(shown())).toEqual(names.slice(0, 9));
    await list.fetchMore({ variables: { after } });
    expect(namesOf(shown())).toEqual(names.slice(0, 6));
    showing.unsubscribe();
    expect(
      Object.keys(client.cache.extract()).filter((name) => name.startsWith('Customer:{"id"')),
    ).toHaveLength(9);
  });

  test('Apollo Client: pages in front are joined, too', async () => {
    const names = namesOf({ nodes: await allCustomers() });
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, key);
    const query = gql(listOf(fields));
    const list = client.watchQuery({ query, variables: { last: 3 } });
    const showing = list.subscribe(() => {});
    const { data } = await client.query({ query, variables: list.variables });

    const variables = { before: data.customers.pageInfo.startCursor };
    await Promise.all(Array.from({ length: 5 }, () => list.fetchMore({ variables })));
    showing.unsubscribe();

    const { customers } = client.readQuery({ query });
    expect(namesOf(customers)).toEqual(names.slice(-6));
    expect(customers.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  });

  test('Apollo Client: joins the pages of payment methods, and drops what was evicted', async () => {
    const { id } = await aCustomer(owner);
    const methods: string[] = [];
    for (let at = 0; at < 6; at += 1) methods.push((await aPaymentMethod(owner, id)).id);
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, key);
    const of = fields === 'nodes' ? 'nodes { id }' : 'edges { node { id } }';
    const query = gql(`query ($id: ID!, $after: String) {
      customer(id: $id) { id paymentMethods(first: 3, after: $after) { ${of} pageInfo { hasNextPage endCursor } } }
    }`);
    const list = client.watchQuery({ query, variables: { id } });
    const showing = list.subscribe(() => {});
    const { data } = await client.query({ query, variables: list.variables });

    await list.fetchMore({ variables: { after: data.customer.paymentMethods.pageInfo.endCursor } });
    const idsNow = () => {
      const { paymentMethods } = client.readQuery({ query, variables: { id } }).customer;
      return (paymentMethods.nodes ?? paymentMethods.edges).map((item: Any) => (item.node ?? item).id);
    };
    const joined = idsNow();
    client.cache.evict({ id: client.cache.identify({ __typename: 'PaymentMethod', id: methods[3] }) });
    const left = idsNow();
    showing.unsubscribe();

    const expected = [methods[0], ...methods.slice(1).reverse()];
    expect(joined).toEqual(expected);
    expect(left).toEqual(expected.filter((method) => method !== methods[3]));
    const cleaning = 'mutation ($id: ID!) { deleteCustomer(input: { id: $id }) { deletedCustomerId } }';
    expect((await owner.execute(cleaning, { id })).expectData().deleteCustomer.deletedCustomerId).toBe(id);
  });

  test('urql: gives the pages that were asked for as one, the second time from its cache', async () => {
    const names = namesOf({ nodes: await allCustomers() });
    const client = (await example('urql.mjs')).vaultClient(vault.url, key);
    const page = async (after?: string) =>
      (await client.query(listOf(fields), { first: 3, after }).toPromise()).data.customers;
    const first = await page();
    expect(namesOf(first)).toEqual(names.slice(0, 3));

    const both = await Promise.all(Array.from({ length: 5 }, () => page(first.pageInfo.endCursor)));

    for (const list of both) expect(namesOf(list)).toEqual(names.slice(0, 6));
    expect(namesOf(await page(both[0].pageInfo.endCursor))).toEqual(names.slice(0, 9));
    const again = client.readQuery(listOf(fields), { first: 3, after: first.pageInfo.endCursor });
    expect(namesOf(again.data.customers)).toEqual(names.slice(0, 9));
  });
});

test('Apollo Client: documents with nodes, with edges and with a count alone share one list', async () => {
  const all = await allCustomers();
  const client = (await example('apollo-client.mjs')).vaultClient(vault.url, key);
  const [nodes, edges] = [gql(listOf('nodes')), gql(listOf('edges'))];
  const count = gql('{ customers { totalCount } }');
  const list = client.watchQuery({ query: nodes, variables: { first: 3 } });
  const showing = list.subscribe(() => {});
  await client.query({ query: count });
  const { data } = await client.query({ query: nodes, variables: { first: 3 } });
  await client.query({ query: count, fetchPolicy: 'network-only' });
  expect(namesOf(data.customers)).toEqual(namesOf({ nodes: all }).slice(0, 3));

  await list.fetchMore({
    query: edges,
    variables: { after: data.customers.pageInfo.endCursor, first: 5 },
  });
  showing.unsubscribe();

  for (const query of [nodes, edges]) {
    expect(namesOf(client.readQuery({ query }).customers)).toEqual(namesOf({ nodes: all }).slice(0, 8));
  }
  expect(client.readQuery({ query: count }).customers.totalCount).toBe(all.length);
});

test('Apollo Client, urql: a list that is shown has the customer who was created', async () => {
  const { vaultClient, createCustomer } = await example('apollo-client.mjs');
  const apollo = vaultClient(vault.url, key);
  const query = gql(listOf('nodes'));
  const showing = apollo.watchQuery({ query }).subscribe(() => {});
  await apollo.query({ query });
  const urqlExample = await example('urql.mjs');
  const urql = urqlExample.vaultClient(vault.url, key);
  const list = async () => (await urql.query(listOf('nodes'), { first: 20 }).toPromise()).data.customers;
  await list();

  await createCustomer(apollo, { name: 'By Apollo' });
  await urqlExample.createCustomer(urql, { name: 'By urql' });

  expect(namesOf(await list()).slice(0, 2)).toEqual(['By urql', 'By Apollo']);
  expect(namesOf((await apollo.query({ query })).data.customers)).toContain('By Apollo');
  showing.unsubscribe();
});

test('urql: keeps all of a customer in its cache, and has nothing to warn of', async () => {
  const { warn } = console;
  const warnings: unknown[] = [];
  console.warn = (...words) => void warnings.push(words);
  try {
    const { id, token } = await aCustomer(owner, { addresses: [{ label: 'Home' }] });
    for (const tokenize of [aCard(), anAccount()])
      await aPaymentMethod(owner, id, {
        tokenize: { ...tokenize, billingDetails: { address: { city: 'Bonn' } } },
      });
    const client = (await example('urql.mjs')).vaultClient(vault.url, key);
    const query = `query All($id: ID!, $token: ID!) {
      customer(id: $id) { ${CUSTOMER} }
      resolvePaymentToken(token: $token) { usable paymentMethod { ${PAYMENT_METHOD} } }
    }`;

    const { data } = await client.query(query, { id, token }).toPromise();

    const { customer, resolvePaymentToken } = client.readQuery(query, { id, token }).data;
    expect({ customer, resolvePaymentToken }).toEqual(data);
    expect(customer).toMatchObject({ id, addresses: [{ label: 'Home' }] });
    expect(customer.paymentMethods.nodes).toMatchObject([
      { billingDetails: { address: { city: 'Bonn' } }, card: { checks: { cvcCheck: 'FULL_MATCH' } } },
      { ach: { lastFour: '6789' } },
    ]);
    expect(resolvePaymentToken).toMatchObject({ usable: true, paymentMethod: { type: 'CARD' } });
    expect(warnings).toEqual([]);
  } finally {
    console.warn = warn;
  }
});

test('Relay: keeps customers by id in its store, and joins the pages of a connection', async () => {
  const all = await allCustomers();
  const environment = (await example('relay.mjs')).vaultEnvironment(vault.url, key);
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

test('fetch: gives data, and throws with the request id', async () => {
  const { ask } = await example('fetch.mjs');

  const { customers } = await ask(vault.url, key, listOf('nodes'), { first: 3 });

  expect(namesOf(customers)).toEqual(namesOf({ nodes: await allCustomers() }).slice(0, 3));
  await expect(ask(vault.url, 'wrong', listOf('nodes'), {})).rejects.toThrow(/\(request [0-9a-f-]{36}\)$/);
});

test('graphql-request, genql, gql.tada: go through all pages, at the same time and again and again', async () => {
  const all = await allCustomers();
  const request = await example('graphql-request.ts');
  const genql = await example('genql.ts');
  const tada = await example('gql-tada.ts');
  const client = request.vaultClient(vault.url, key);
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
      await collect(genql.customersOf(vault.url, key)),
      await collect(request.customersOf(client, filter, 7)),
      await collect(genql.customersOf(vault.url, key, filter, 7)),
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

test.each(['relayCustomersQuery', 'relayCustomersCreateMutation'])(
  'Relay: what its compiler made of %s is of the text as it is now',
  (name) => {
    const source = readFileSync('examples/clients/relay-customers.ts', 'utf8');
    const made = readFileSync(`examples/clients/__generated__/${name}.graphql.ts`, 'utf8');
    const text = source.match(RegExp(`graphql\`(\\s*(?:query|mutation) ${name}[^\`]*)\``))?.[1] ?? '';

    // As its plugins for bundlers find out.
    const hash = createHash('md5')
      .update(print(parse(text)))
      .digest('hex');

    expect(made).toContain(`(node as any).hash = "${hash}"`);
  },
);

/** The documents in a file, whatever its language: from their first word to the brace that closes the first. */
function documentsIn(text: string): string[] {
  return [...text.matchAll(/\b(query|mutation) \w+\(/g)].map(({ index }) => {
    let depth = 0;
    for (let at = text.indexOf(') {', index); at < text.length; at += 1) {
      if (text[at] === '{') depth += 1;
      if (text[at] === '}') depth -= 1;
      if (text[at] === '}' && depth === 0) return text.slice(index, at + 1);
    }
    throw new Error(`A document does not end: ${text.slice(index)}`);
  });
}

test('every document in an example is one of the schema, and each mutation is under a key', () => {
  const relay = 'directive @connection(key: String!) on FIELD';
  const schema = buildSchema(`${readFileSync('docs/schema.graphql', 'utf8')}\n${relay}`);
  const counts: Record<string, number> = {};

  for (const file of files) {
    const text = readFileSync(`examples/clients/${file}`, 'utf8');
    const documents = documentsIn(text);
    counts[file] = documents.length;
    for (const document of documents) {
      expect(validate(schema, parse(document))).toEqual([]);
      if (document.startsWith('mutation') && !document.includes('@idempotent'))
        expect(text.toLowerCase()).toContain('idempotency-key');
    }
  }

  expect(counts).toMatchObject({
    'apollo-client.mjs': 1,
    'documents.ts': 2,
    'fetch.mjs': 1,
    'gql-tada.ts': 2,
    'relay-customers.ts': 2,
    'urql.mjs': 1,
    'vault.go': 2,
    'vault.php': 2,
    'vault.py': 2,
  });
});

/** How to run the example of each language, and how to ask whether it is installed; Node has its own above. */
const LANGUAGES = [
  { language: 'Python', command: ['python3', 'vault.py'], version: '--version' },
  { language: 'PHP', command: ['php', 'vault.php'], version: '--version' },
  { language: 'Go', command: ['go', 'run', 'vault.go'], version: 'version' },
];

// Where a language is not installed its documents are still compared with the schema, above.
for (const { language, command, version } of LANGUAGES) {
  const [program = '', ...args] = command;
  if (spawnSync(program, [version]).status !== 0) continue;

  test(`${language}: makes one customer although an answer is lost and a try refused, and lists all`, async () => {
    const before = await allCustomers();
    const triesBefore = proxy.tries.size;
    const name = `Ada in ${language}`;
    const env = { ...process.env, VAULT_URL: proxy.url, VAULT_KEY: key };

    const { stdout } = await run(program, [...args, name], { cwd: project.folder, env });

    const after = await allCustomers();
    const [created, ...listed] = stdout.trim().split('\n');
    expect(created).toBe(`Created ${after[0]?.id}`);
    expect(after[0]).toMatchObject({ name, metadata: { from: language } });
    expect(after.slice(1)).toEqual(before);
    expect(listed).toEqual(after.map((customer) => `${customer.id} ${customer.name}`));
    expect([...proxy.tries.values()].slice(triesBefore)).toEqual([3]);
  }, 120_000);

  test.each([
    { wrong: 'key', credential: 'wrong', name: 'Ada', said: 'A valid API key is required.' },
    { wrong: 'name', credential: null, name: ' ', said: 'REQUIRED' },
  ])(
    `${language}: ends at once with a wrong $wrong, says why and lists nothing`,
    async ({ credential, name, said }) => {
      const before = await allCustomers();
      const env = { ...process.env, VAULT_URL: vault.url, VAULT_KEY: credential ?? key };
      const start = performance.now();

      const { code, stdout, stderr } = await run(program, [...args, name], {
        cwd: project.folder,
        env,
      }).catch((error) => error);

      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).toContain(said);
      expect(stdout).not.toContain(before[0]?.id);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(await allCustomers()).toEqual(before);
    },
    120_000,
  );
}

test('the guide shows each example as it is', () => {
  expect(files.length).toBe(16);
  for (const file of files) {
    expect(guide).toContain(`\n${readFileSync(`examples/clients/${file}`, 'utf8')}\`\`\``);
    expect(guide).toContain(`${basename(file)}`);
  }
});
