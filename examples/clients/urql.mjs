import { Client, cacheExchange, fetchExchange } from '@urql/core';

/** The document cache is enough for most pages; a mutation refreshes whatever shows the same types. */
export function vaultClient(url, key) {
  return new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
  });
}
