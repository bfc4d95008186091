import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gql } from '@apollo/client/core';
import { type Any, type ClientVault, listOf, namesOf, startClientVault } from '../support/client-vault.js';
import { aCard, aCustomer, anAccount, aPaymentMethod } from '../support/factories.js';
import { CUSTOMER, PAYMENT_METHOD } from '../support/whole-customer.js';

// What the examples keep in their caches.

let vault: ClientVault;

beforeAll(async () => {
  vault = await startClientVault();
});

afterAll(() => vault.close());

const example = (file: string): Promise<Any> => import(resolve('examples/clients', file));

describe.each(['nodes', 'edges'] as const)('with %s', (fields) => {
  test('Apollo Client: fetchMore makes six of three, and a page that is fetched twice counts once', async () => {
    const names = namesOf({ nodes: await vault.allCustomers() });
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, vault.key);
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
    const names = namesOf({ nodes: await vault.allCustomers() });
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, vault.key);
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
    const { id } = await aCustomer(vault.owner);
    const methods: string[] = [];
    for (let at = 0; at < 6; at += 1) methods.push((await aPaymentMethod(vault.owner, id)).id);
    const client = (await example('apollo-client.mjs')).vaultClient(vault.url, vault.key);
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
    expect((await vault.owner.execute(cleaning, { id })).expectData().deleteCustomer.deletedCustomerId).toBe(
      id,
    );
  });

  test('urql: gives the pages that were asked for as one, the second time from its cache', async () => {
    const names = namesOf({ nodes: await vault.allCustomers() });
    const client = (await example('urql.mjs')).vaultClient(vault.url, vault.key);
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
  const all = await vault.allCustomers();
  const client = (await example('apollo-client.mjs')).vaultClient(vault.url, vault.key);
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
  const apollo = vaultClient(vault.url, vault.key);
  const query = gql(listOf('nodes'));
  const showing = apollo.watchQuery({ query }).subscribe(() => {});
  await apollo.query({ query });
  const urqlExample = await example('urql.mjs');
  const urql = urqlExample.vaultClient(vault.url, vault.key);
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
    const { id, token } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
    for (const tokenize of [aCard(), anAccount()])
      await aPaymentMethod(vault.owner, id, {
        tokenize: { ...tokenize, billingDetails: { address: { city: 'Bonn' } } },
      });
    const client = (await example('urql.mjs')).vaultClient(vault.url, vault.key);
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
