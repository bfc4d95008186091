import { Client, fetchExchange, gql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { once } from './once.mjs';

const CREATE = gql`
  mutation Create($input: CreateCustomerInput!, $key: String!) {
    createCustomer(input: $input) @idempotent(key: $key) {
      customer { id version }
      userErrors { code field message }
    }
  }
`;

const WITHOUT_ID = [
  'BankAccount',
  'BillingAddress',
  'BillingDetails',
  'Card',
  'CardChecks',
  'CardExpiry',
  'PaymentTokenResolution',
];

/** Keys objects by their ids; the pages of a list that were asked for are given as one, in `nodes` and in `edges`. */
export function vaultClient(url, key) {
  const cache = cacheExchange({
    keys: Object.fromEntries(WITHOUT_ID.map((type) => [type, () => null])),
    resolvers: {
      Query: { customers: relayPagination() },
      Customer: { paymentMethods: relayPagination() },
    },
    updates: { Mutation: { createCustomer: (_payload, _args, cache) => forgetLists(cache) } },
  });
  return new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [cache, fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
  });
}

/** Lists of customers that are shown are fetched again. */
function forgetLists(cache) {
  for (const { fieldName, arguments: args } of cache.inspectFields('Query'))
    if (fieldName === 'customers') cache.invalidate('Query', fieldName, args);
}

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (client, input) =>
  once(async (key) => {
    const { data, error } = await client.mutation(CREATE, { input, key }).toPromise();
    if (error) throw error;
    return data.createCustomer;
  });
