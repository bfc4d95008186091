import { Client } from './client.js';
import type { TestVault } from './vault.js';

/** A caller with this secret, at a server. */
export function callerWith({ url }: Pick<TestVault, 'url'>, secret: string, merchant?: string): Client {
  const headers = { authorization: `Bearer ${secret}` };
  return new Client(url, merchant === undefined ? headers : { ...headers, 'vault-merchant': merchant });
}

/** What a key is answered that asks who it is: 200 or 401. */
export async function statusOf(server: Pick<TestVault, 'url'>, secret: string): Promise<number> {
  return (await callerWith(server, secret).executeOnce('{ merchants { totalCount } me { id } }')).status;
}

export interface NewKey {
  readonly id: string;
  readonly secret: string;
  readonly createdBy: string | null;
}

/** A key that another one makes through the API. */
export async function makeKey(maker: Client, input: object = {}): Promise<NewKey> {
  const answer = await maker.execute(
    `mutation ($input: CreateApiKeyInput!) {
      createApiKey(input: $input) { apiKey { id createdBy } secret userErrors { code field message } }
    }`,
    { input: { label: 'Made', scopes: ['CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'KEYS_MANAGE'], ...input } },
  );
  const { apiKey, secret, userErrors } = answer.expectData().createApiKey;
  if (!apiKey) throw new Error(`The key was refused: ${JSON.stringify(userErrors)}`);
  return { ...apiKey, secret };
}

export function rotate(caller: Client, id: string, overlapSeconds = 0) {
  return caller.execute(
    `mutation ($input: RotateApiKeyInput!) {
      rotateApiKey(input: $input) { apiKey { id } secret userErrors { code field message } }
    }`,
    { input: { id, overlapSeconds } },
  );
}

/** The new secret of a key. */
export async function rotated(caller: Client, id: string, overlapSeconds = 0): Promise<string> {
  return (await rotate(caller, id, overlapSeconds)).expectData().rotateApiKey.secret;
}

export function revoke(caller: Client, id: string, andDescendants = false) {
  return caller.execute(
    `mutation ($input: RevokeApiKeyInput!) {
      revokeApiKey(input: $input) { apiKey { id revokedAt } userErrors { code field message } }
    }`,
    { input: { id, andDescendants } },
  );
}
