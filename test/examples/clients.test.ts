import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gql } from '@apollo/client/core';
import { buildSchema, parse, print, validate } from 'graphql';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from '../support/client.js';
import { type ClientProject, makeClientProject } from '../support/client-project.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { type LossyProxy, startLossyProxy } from '../support/lossy-proxy.js';
import { startVault, type TestVault } from '../support/vault.js';

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

const namesOf = (items: Any[]) => items.map((item) => (item.node ?? item).name);
const FIELDS = { nodes: 'nodes { id name }', edges: 'edges { cursor node { id name } }' };
const listOf = (fields: keyof typeof FIELDS, name = 'List') =>
  `query ${name}($after: String, $before: String, $last: Int, $first: Int) {
    customers(first: $first, after: $after, last: $last, before: $before) {
      ${FIELDS[fields]} pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
    }
  }`;

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
