import { once } from './once.mjs';
import { type CreateCustomerInput, type CustomerFilter, createClient } from './sdk';

/** A client of the vault; with an idempotency key it is for one mutation, as often as that has to be sent. */
export const vaultClient = (url: string, key: string, idempotencyKey?: string) =>
  createClient({
    fetcher: async (operation) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
          ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        },
        body: JSON.stringify(operation),
      });
      return response.json();
    },
  });

/** Every customer that the filter lets through, newest first; asks for the next page when it is needed. */
export async function* customersOf(url: string, key: string, filter: CustomerFilter = {}, first = 50) {
  const client = vaultClient(url, key);
  let after: string | null | undefined;
  do {
    const { customers } = await client.query({
      customers: {
        __args: { first, after, filter },
        nodes: { id: true, name: true, metadata: true, createdAt: true },
        pageInfo: { hasNextPage: true, endCursor: true },
      },
    });
    yield* customers?.nodes ?? [];
    after = customers?.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
  } while (after);
}

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (url: string, key: string, input: CreateCustomerInput) =>
  once(async (idempotencyKey) => {
    const { createCustomer } = await vaultClient(url, key, idempotencyKey).mutation({
      createCustomer: {
        __args: { input },
        customer: { id: true, version: true, metadata: true, createdAt: true },
        userErrors: { code: true, field: true, message: true },
      },
    });
    if (!createCustomer) throw new Error('No answer.');
    return createCustomer;
  });
