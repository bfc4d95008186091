import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import { once } from './once.mjs';

const CREATE = gql`
  mutation Create($input: CreateCustomerInput!) {
    createCustomer(input: $input) { customer { id version } userErrors { code field message } }
  }
`;

/** Joins the pages of a list, whether documents ask for `nodes` or `edges`: the cache keeps edges, and makes nodes of them. */
export function pages(keyArgs) {
  const relay = relayStylePagination(keyArgs);
  return {
    keyArgs,
    read(list, options) {
      const joined = list?.edges ? relay.read(list, options) : list;
      return joined?.edges ? { ...joined, nodes: joined.edges.map(({ node }) => node) } : joined;
    },
    merge(list, page, options) {
      // One who asks for `totalCount` alone is told nothing of what is in the list.
      if (!page?.edges && !page?.nodes) return page && { ...list, ...page };
      const { nodes, edges = nodes.map((node) => ({ __typename: edgeOf(page), node })), ...rest } = page;
      return relay.merge(list?.edges && list, { ...rest, edges }, options);
    },
  };
}

const edgeOf = ({ __typename }) => __typename.replace(/Connection$/, 'Edge');

/** Every object has an id that is its own for good, so the cache keys by it; lists grow page by page. */
export function vaultClient(url, key) {
  return new ApolloClient({
    link: new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${key}` } }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { customers: pages(['filter', 'orderBy']) } },
        Customer: {
          keyFields: ['id'],
          fields: { paymentMethods: pages(['filter']), metadata: { merge: false } },
        },
        PaymentMethod: { keyFields: ['id'] },
        Address: { keyFields: ['id'] },
      },
    }),
  });
}

/** Creates a customer once, however often it has to be sent; lists of customers that are shown are fetched again. */
export const createCustomer = (client, input) =>
  once(async (key) => {
    const { data } = await client.mutate({
      mutation: CREATE,
      variables: { input },
      context: { headers: { 'idempotency-key': key } },
      update: (cache) => cache.evict({ id: 'ROOT_QUERY', fieldName: 'customers' }),
    });
    return data.createCustomer;
  });
