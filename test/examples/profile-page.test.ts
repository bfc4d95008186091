import { Client } from '../support/client.js';
import { freePort, startShop } from '../support/example-shop.mjs';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;
let shop: string;
let key: string;
let customerId: string;
let stop = async () => {};

beforeAll(async () => {
  const port = await freePort();
  shop = `http://127.0.0.1:${port}`;
  const settings = { corsOrigins: [shop] };
  vault = await startVault({ settings });
  const made = await aKey(vault);
  key = made.key;
  const client = new Client(vault.url, made.headers);
  ({ id: customerId } = await aCustomer(client, { name: 'Ada Lovelace' }));
  await aPaymentMethod(client, customerId);
  const environment = { VAULT_URL: vault.url, VAULT_API_KEY: key, CUSTOMER_ID: customerId };
  stop = await startShop({ ...environment, PORT: String(port) });
});

afterAll(async () => {
  await stop();
  await vault.close();
});

test('gives the browser a session of the customer, which the vault lets its origin use', async () => {
  const answer = await fetch(`${shop}/session`, { method: 'POST' });
  const { token, vaultUrl } = (await answer.json()) as { token: string; vaultUrl: string };
  const session = new Client(vaultUrl, { authorization: `Bearer ${token}`, origin: shop });

  const me = await session.execute('{ me { id paymentMethods { nodes { card { lastFour } } } } }');
  const tokens = await session.execute('{ me { token } }');

  const paymentMethods = { nodes: [{ card: { lastFour: '4242' } }] };
  expect(me.expectData()).toEqual({ me: { id: customerId, paymentMethods } });
  expect(me.headers.get('access-control-allow-origin')).toBe(shop);
  expect(tokens.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['me', 'token'] }]);
});

test('gives no session to the page of another site', async () => {
  const headers = { 'sec-fetch-site': 'cross-site' };

  expect((await fetch(`${shop}/session`, { method: 'POST', headers })).status).toBe(403);
});

test.each(['/', '/page.css', '/page.mjs', '/dialog.mjs', '/vault.mjs', '/words.mjs'])(
  'serves %s without the key',
  async (path) => {
    const answer = await fetch(`${shop}${path}`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain(`connect-src 'self' ${vault.url};`);
    expect(await answer.text()).not.toContain(key);
  },
);

test('serves nothing else of its folder', async () => {
  expect((await fetch(`${shop}/server.mjs`)).status).toBe(404);
});
