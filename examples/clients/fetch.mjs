/** Asks the vault with nothing but `fetch`; throws for what the caller cannot mend. */
export async function ask(url, key, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors, extensions } = await response.json();
  if (errors) throw new Error(`${errors[0].message} (request ${extensions.requestId})`);
  return data;
}
