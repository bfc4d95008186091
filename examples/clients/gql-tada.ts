import { initGraphQLTada, type VariablesOf } from 'gql.tada';
import type { GraphQLClient } from 'graphql-request';
import type { introspection } from './introspection';
import { once } from './once.mjs';

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; Metadata: Record<string, string> };
}>();

const Customers = graphql(`
  query Customers($first: Int!, $after: String, $filter: CustomerFilter) {
    customers(first: $first, after: $after, filter: $filter) {
      nodes { id name metadata createdAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!, $key: String!) {
    createCustomer(input: $input) @idempotent(key: $key) {
      customer { id version metadata createdAt }
      userErrors { code field message }
    }
  }
`);

/** A page of customers, newest first; its `pageInfo.endCursor` is the `after` of the next. */
export const pageOf = async (client: GraphQLClient, variables: VariablesOf<typeof Customers>) =>
  (await client.request(Customers, variables)).customers;

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (client: GraphQLClient, input: VariablesOf<typeof CreateCustomer>['input']) =>
  once(async (key) => {
    const { createCustomer } = await client.request(CreateCustomer, { input, key });
    if (!createCustomer) throw new Error('No answer.');
    return createCustomer;
  });
