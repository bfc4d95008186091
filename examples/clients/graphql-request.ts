import { GraphQLClient } from 'graphql-request';
import { CreateCustomer, Customers } from './documents';
import type { CreateCustomerInput, CustomerFilter } from './generated/graphql';
import { once } from './once.mjs';

export const vaultClient = (url: string, key: string) =>
  new GraphQLClient(`${url}/graphql`, { headers: { authorization: `Bearer ${key}` } });

/** Every customer that the filter lets through, newest first; asks for the next page when it is needed. */
export async function* customersOf(client: GraphQLClient, filter: CustomerFilter = {}, first = 50) {
  let after: string | null | undefined;
  do {
    const { customers } = await client.request(Customers, { first, after, filter });
    yield* customers?.nodes ?? [];
    after = customers?.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
  } while (after);
}

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (client: GraphQLClient, input: CreateCustomerInput) =>
  once(async (key) => {
    const { createCustomer } = await client.request(CreateCustomer, { input, key });
    if (!createCustomer) throw new Error('No answer.');
    return createCustomer;
  });
