import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';

/** Every object has an id that is its own for good, so the cache keys by it; lists grow page by page. */
export function vaultClient(url, key) {
  return new ApolloClient({
    link: new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${key}` } }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { customers: relayStylePagination(['filter', 'orderBy']) } },
        Customer: {
          keyFields: ['id'],
          fields: { paymentMethods: relayStylePagination(['filter']), metadata: { merge: false } },
        },
        PaymentMethod: { keyFields: ['id'] },
        Address: { keyFields: ['id'] },
      },
    }),
  });
}
