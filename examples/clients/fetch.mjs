import { once } from './once.mjs';

const CREATE = `mutation Create($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id version } userErrors { code field message } }
}`;

/** Asks the vault with nothing but `fetch`; throws for what the caller cannot mend. */
export async function ask(url, key, query, variables, headers = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(20_000),
  });
  const { data, errors, extensions } = await response.json();
  if (!errors) return data;
  throw Object.assign(new Error(`${errors[0].message} (request ${extensions.requestId})`), { errors });
}

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (url, key, input) =>
  once(async (idempotencyKey) => {
    const headers = { 'idempotency-key': idempotencyKey };
    return (await ask(url, key, CREATE, { input }, headers)).createCustomer;
  });
