import { readdirSync, readFileSync } from 'node:fs';
import { gql } from '@apollo/client/core';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from '../support/client.js';
import { aCustomer } from '../support/factories.js';
import { fetchPage, readList } from '../support/relay-list.mjs';
import { startVault, type TestVault } from '../support/vault.js';

const now = () => new Date();
const LIST =
  'query List($after: String) { customers(first: 2, after: $after) { edges { node { id name } cursor } pageInfo { hasNextPage endCursor startCursor hasPreviousPage } } }';
const NAMES = ['Third', 'Second', 'First'];
let vault: TestVault;
let key: string;

beforeAll(async () => {
  vault = await startVault();
  const making = { db: vault.database, keyring: vault.keyring, ids: new IdGenerator(now), now };
  ({ key } = await createMerchant(making, { name: 'Client', mode: 'test' }));
  const client = new Client(vault.url, { authorization: `Bearer ${key}` });
  for (const name of ['First', 'Second', 'Third']) await aCustomer(client, { name });
});

afterAll(() => vault.close());

interface List {
  readonly customers: { readonly edges: { readonly node: { readonly name: string } }[] };
}

const namesIn = (data: unknown) => (data as List).customers.edges.map(({ node }) => node.name);

// The examples are JavaScript, as they stand in the guide.
const example = (name: string) => import(`../../examples/clients/${name}.mjs`);

test('fetch: gives data, and throws with the request id', async () => {
  const { ask } = await example('fetch');

  expect(namesIn(await ask(vault.url, key, LIST, {}))).toEqual(NAMES.slice(0, 2));
  await expect(ask(vault.url, 'wrong', LIST, {})).rejects.toThrow(/\(request [0-9a-f-]{36}\)$/);
});

test('Apollo Client: keys objects by id and joins pages', async () => {
  const client = (await example('apollo-client')).vaultClient(vault.url, key);
  const query = gql(LIST);
  const list = client.watchQuery({ query });
  const showing = list.subscribe(() => {});
  const { data } = await client.query({ query });

  await list.fetchMore({ variables: { after: data.customers.pageInfo.endCursor } });
  showing.unsubscribe();

  expect(namesIn(client.readQuery({ query }))).toEqual(NAMES);
  expect(
    Object.keys(client.cache.extract()).filter((name) => name.startsWith('Customer:{"id"')),
  ).toHaveLength(3);
});

test('urql: answers the second time from its cache', async () => {
  const client = (await example('urql')).vaultClient(vault.url, key);

  const { data } = await client.query(LIST, {}).toPromise();
  const again = client.readQuery(LIST, {});

  expect(namesIn(data)).toEqual(NAMES.slice(0, 2));
  expect(again?.data).toEqual(data);
});

test('Relay: keeps customers by id in its store, and joins the pages of a connection', async () => {
  const environment = (await example('relay')).vaultEnvironment(vault.url, key);
  await fetchPage(environment, null);
  const first = readList(environment);

  await fetchPage(environment, first.customers.pageInfo.endCursor);
  const both = readList(environment);

  expect(namesIn(first)).toEqual(NAMES.slice(0, 2));
  expect(namesIn(both)).toEqual(NAMES);
  expect(both.customers.pageInfo.hasNextPage).toBe(false);
  const last = both.customers.edges.at(-1)?.node.id ?? '';
  expect(environment.getStore().getSource().get(last)).toMatchObject({
    __typename: 'Customer',
    name: 'First',
  });
});

test('the guide shows each example as it is', () => {
  const guide = readFileSync('docs/clients.md', 'utf8');
  const files = readdirSync('examples/clients');

  expect(files.length).toBe(4);
  for (const file of files) expect(guide).toContain(readFileSync(`examples/clients/${file}`, 'utf8'));
});
