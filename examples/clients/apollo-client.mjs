import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { once } from './once.mjs';

const CREATE = gql`
  mutation Create($input: CreateCustomerInput!) {
    createCustomer(input: $input) { customer { id version } userErrors { code field message } }
  }
`;

/** Joins the pages of a list, of its `nodes` as of its `edges`; a page that is fetched again takes its old place. */
export function pages(keyArgs) {
  return {
    keyArgs,
    read: (list, { canRead }) =>
      list?.edges ? { ...list, edges: list.edges.filter(({ node }) => canRead(node)) } : list,
    merge(list, page, { args }) {
      const isNext = Boolean(args?.after);
      if (!list || !page || !(isNext || args?.before)) return page && { ...list, ...page };
      const joined = { ...list, ...page };
      if (page.nodes) joined.nodes = join(list.nodes ?? [], page.nodes, isNext);
      if (page.edges) joined.edges = join(list.edges ?? [], page.edges, isNext);
      const { startCursor, hasPreviousPage, endCursor, hasNextPage } = { ...list.pageInfo };
      const kept = isNext ? { startCursor, hasPreviousPage } : { endCursor, hasNextPage };
      return { ...joined, pageInfo: { ...page.pageInfo, ...kept } };
    },
  };
}

function join(list, page, isNext) {
  const idOf = (item) => (item.node ?? item).__ref;
  const ids = new Set(page.map(idOf));
  const isKnown = (item) => ids.has(idOf(item));
  if (!isNext) return [...page, ...list.slice(list.findLastIndex(isKnown) + 1)];
  const at = list.findIndex(isKnown);
  return [...(at < 0 ? list : list.slice(0, at)), ...page];
}

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
