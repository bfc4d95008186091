import { createMerchant } from '../../src/merchants/create-merchant.js';
import { IdGenerator } from '../../src/shared/id.js';
import { type Answer, Client } from '../support/client.js';
import type { TestVault } from '../support/vault.js';

/** Has the form of an id, and was never given out. */
export const UNKNOWN_ID = 'ffffffffffffffffffffffff';
/** Has the form of a token, and was never given out. */
export const UNKNOWN_TOKEN = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

/** A merchant of its own, for tests that look at whole lists. */
export async function aMerchant({ database, keyring, url }: TestVault): Promise<Client> {
  const now = () => new Date();
  const making = { db: database, keyring, ids: new IdGenerator(now), now };
  const { key } = await createMerchant(making, { name: 'Owner of a list', mode: 'test' });
  return new Client(url, { authorization: `Bearer ${key}` });
}

/** All that the API shows of a customer. */
export const wholeCustomer = `
  id token reference name email phone metadata version createdAt updatedAt
  addresses { id label line1 line2 city state postalCode country isDefault createdAt updatedAt }
  defaultAddress { id }
  paymentMethods { nodes { id token isDefault } totalCount }
  defaultPaymentMethod { id }
`;

/** A customer as it is now; null when there is none. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it asked for.
export async function theCustomer(client: Client, id: string): Promise<any> {
  const answer = await client.execute(`query ($id: ID!) { customer(id: $id) { ${wholeCustomer} } }`, { id });
  return answer.expectData().customer;
}

/** How many customers the merchant has. */
export async function customerCount(client: Client): Promise<number> {
  const answer = await client.execute('{ customers(first: 1) { totalCount } }');
  return answer.expectData().customers.totalCount;
}

/** An answer to the letter, but for the request id. */
export function withoutRequestId({ status, body }: Answer<unknown>): string {
  const { requestId: _, ...extensions } = body.extensions;
  return JSON.stringify({ status, body: { ...body, extensions } });
}

/** `count` keys with a value each. */
export function manyKeys(count: number, prefix = 'key'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 'value']));
}
