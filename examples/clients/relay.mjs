import relay from 'relay-runtime';

const { Environment, Network, RecordSource, Store } = relay;

/** Ids are global and every object is a `Node`, so Relay's store, refetching and connections work as they come. */
export function vaultEnvironment(url, key) {
  const network = Network.create(async ({ text }, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}
