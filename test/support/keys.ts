import type { Mode } from '../../src/access/scopes.js';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import { createPartner } from '../../src/merchants/create-partner.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from './client.js';
import { queryAs } from './database.js';
import type { TestVault } from './vault.js';

export interface MadeKey {
  readonly merchantId: string;
  /** The id in front of the key's secret. */
  readonly id: string;
  readonly key: string;
  readonly headers: { readonly authorization: string };
}

const now = () => new Date();
const ids = new IdGenerator(now);

/** A merchant of its own with a key that may do everything. */
export async function aKey(
  { database, keyring }: TestVault,
  { mode = 'test', partnerId = null }: { mode?: Mode; partnerId?: string | null } = {},
): Promise<MadeKey> {
  const making = { db: database, keyring, ids, now };
  const { id: merchantId, key } = await createMerchant(making, { name: 'Someone', mode, partnerId });
  return { merchantId, id: key.split('_')[3] ?? '', key, headers: { authorization: `Bearer ${key}` } };
}

/** Changes how a key is stored, as its owner would; for example `revoked_at = now()`. */
export async function changeKey({ databaseUrl }: TestVault, { id }: { id: string }, assignment: string) {
  await queryAs(databaseUrl, `update api_keys set ${assignment} where id = $1`, [id]);
  await queryAs(databaseUrl, `update partner_keys set ${assignment} where id = $1`, [id]);
}

/** A caller for a new merchant whose key has these scopes alone. */
export async function aCaller(vault: TestVault, allowed: readonly string[]): Promise<Client> {
  const key = await aKey(vault);
  await changeKey(vault, key, `scopes = '{${allowed.join(',')}}'`);
  return new Client(vault.url, key.headers);
}

export interface MadePartner {
  readonly id: string;
  readonly keyId: string;
  readonly headers: { readonly authorization: string };
  /** The partner's key on behalf of a merchant, or of none. */
  actingFor(merchant?: string): Client;
}

/** A partner with a key that may do everything for its merchants. */
export async function aPartner(vault: TestVault, mode: Mode = 'test'): Promise<MadePartner> {
  const { id, key } = await createPartner({ db: vault.database, ids, now }, { name: 'Platform', mode });
  const headers = { authorization: `Bearer ${key}` };
  return {
    id,
    keyId: key.split('_')[2] ?? '',
    headers,
    actingFor: (merchant) =>
      new Client(vault.url, merchant === undefined ? headers : { ...headers, 'vault-merchant': merchant }),
  };
}

export interface MadeSession {
  readonly id: string;
  readonly token: string;
  readonly client: Client;
}

/** A session of a customer, made through the API by its merchant's key. */
export async function aSession(
  vault: TestVault,
  merchant: Client,
  input: { customerId: string; permissions?: string[]; expiresInSeconds?: number },
): Promise<MadeSession> {
  const answer = await merchant.execute(
    `mutation ($input: CreateCustomerSessionInput!) {
      createCustomerSession(input: $input) { session { token } userErrors { code field message } }
    }`,
    { input },
  );
  const { session, userErrors } = answer.expectData().createCustomerSession;
  if (!session) throw new Error(`The session was refused: ${JSON.stringify(userErrors)}`);
  const { token } = session;
  const client = new Client(vault.url, { authorization: `Bearer ${token}` });
  return { id: token.split('_')[3], token, client };
}
