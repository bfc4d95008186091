import { createMerchant } from '../../src/merchants/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from './client.js';
import { aCustomer } from './factories.js';
import { startVault } from './vault.js';

// biome-ignore lint/suspicious/noExplicitAny: the examples are as they stand in the guide, most of them JavaScript.
export type Any = any;

const now = () => new Date();
/** More than a page of any example. */
const CUSTOMERS = 53;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly metadata: object;
  readonly createdAt: string;
}

/** A vault with more customers than an example's page holds, for the tests of the examples of clients. */
export interface ClientVault {
  readonly url: string;
  /** The API key of the customers' merchant. */
  readonly key: string;
  readonly owner: Client;
  /** All customers as the server gives them to a caller without a client library, newest first. */
  allCustomers(): Promise<Listed[]>;
  close(): Promise<void>;
}

/** Starts it; call `close` when the file's tests are done. */
export async function startClientVault(): Promise<ClientVault> {
  const { url, database: db, keyring, close } = await startVault();
  const making = { db, keyring, ids: new IdGenerator(now), now };
  const { key } = await createMerchant(making, { name: 'Client', mode: 'test' });
  const owner = new Client(url, { authorization: `Bearer ${key}` });
  for (let at = 0; at < CUSTOMERS; at += 1)
    await aCustomer(owner, { name: `Customer ${at}`, metadata: { at: `${at}` } });
  return {
    url,
    key,
    owner,
    allCustomers: async () => {
      const all = '{ customers(first: 100) { nodes { id name metadata createdAt } } }';
      return (await owner.execute(all)).expectData().customers.nodes;
    },
    close,
  };
}

export const namesOf = (list: Any): string[] =>
  (list.nodes ?? list.edges).map((item: Any) => (item.node ?? item).name);

const FIELDS = { nodes: 'nodes { id name }', edges: 'edges { node { id name } }' };

/** A document that lists customers. */
export const listOf = (fields: keyof typeof FIELDS) =>
  `query List($after: String, $before: String, $first: Int, $last: Int) {
    customers(first: $first, after: $after, last: $last, before: $before) {
      ${FIELDS[fields]} pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
    }
  }`;
