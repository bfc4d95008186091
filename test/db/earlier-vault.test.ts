import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { applyMigrations } from '../../src/db/migrations.js';
import { changed } from '../support/changes.js';
import { Client } from '../support/client.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';
import { aCard, aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { callerWith, rotated, statusOf } from '../support/key-calls.js';
import { isReplay, keyed } from '../support/keyed.js';
import { aKey, aPartner, aSession } from '../support/keys.js';
import { startVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const LAST = '20261128090000_brand_names';
const isEarlier = (path: string) => !/^\d/.test(basename(path)) || basename(path) <= LAST;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-earlier-'));
  await cp('prisma/migrations', folder, { recursive: true, filter: isEarlier });
});

afterAll(() => rm(folder, { recursive: true }));

/** A key or a token as it was made before they named their merchants: the row is the same. */
const before = (credential: string) => credential.replace(/_[0-9a-f]{24}_/, '_');

/** A database with the tables of before, and in it all that a vault keeps. */
async function anEarlierVault() {
  const databaseUrl = await emptyDatabaseUrl();
  await applyMigrations(databaseUrl, folder);
  const vault = await startVault({ databaseUrl });
  const partner = await aPartner(vault);
  const key = await aKey(vault, { partnerId: partner.id });
  const client = callerWith(vault, before(key.key));
  const { id } = await aCustomer(client, {
    reference: 'R',
    addresses: [{ label: 'Home' }, { label: 'Work' }],
  });
  const methods = [
    await aPaymentMethod(client, id),
    await aPaymentMethod(client, id, { tokenize: aCard({ lastFour: '1111' }) }),
  ];
  const session = await aSession(vault, client, { customerId: id, permissions: ['READ', 'EDIT_ADDRESSES'] });
  await keyed(client, 'createCustomer', 'k', { name: 'Keyed' });
  const whole = await wholeCustomer(client, id);
  await vault.close();
  return { databaseUrl, keyring: vault.keyring, partner, key, id, methods, session, whole };
}

/** The rows of every table, by what they are counted. */
async function rowsOf(url: string): Promise<Record<string, string>> {
  const tables = (
    await queryAs<{ name: string }>(
      url,
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
         and relname <> '_prisma_migrations' order by 1`,
    )
  ).rows.map(({ name }) => name);
  const texts = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await queryAs<{ text: string }>(
        url,
        `select string_agg(t::text, ' ' order by t::text) as text from ${table} t`,
      );
      return [table, rows[0]?.text ?? ''] as const;
    }),
  );
  return Object.fromEntries(texts);
}

test('a vault from before goes on with all that it had, its keys and tokens included', async () => {
  const { databaseUrl, keyring, partner, key, id, methods, session, whole } = await anEarlierVault();
  const rows = await rowsOf(databaseUrl);

  const applied = await applyMigrations(databaseUrl, 'prisma/migrations');

  expect(applied.length).toBeGreaterThanOrEqual(3);
  expect(Object.keys(rows).length).toBeGreaterThanOrEqual(13);
  expect(await rowsOf(databaseUrl)).toEqual(rows);
  const vault = await startVault({ databaseUrl, keyring });
  try {
    const old = callerWith(vault, before(key.key));
    expect(await wholeCustomer(old, id)).toEqual(whole);
    expect(isReplay(await keyed(old, 'createCustomer', 'k', { name: 'Keyed' }))).toBe(true);
    expect(await statusOf(vault, before(session.token))).toBe(200);
    const acting = new Client(vault.url, { ...partner.headers, 'vault-merchant': key.merchantId });
    expect(await wholeCustomer(acting, id)).toEqual(whole);

    const fresh = await rotated(old, key.id);
    expect(fresh).toMatch(new RegExp(`^sk_test_${key.merchantId}_${key.id}_`));
    const statuses = [fresh, before(key.key), before(session.token)].map((secret) => statusOf(vault, secret));
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);

    // What is the default goes, and the default with it, whatever asks of it and when.
    const client = callerWith(vault, fresh);
    const customer = await wholeCustomer(client, id);
    await changed(client, 'removeAddress', { id: customer.defaultAddress.id });
    for (const method of methods) await changed(client, 'unlinkPaymentMethod', { id: method.id });
    const { defaultAddress, defaultPaymentMethod } = await wholeCustomer(client, id);
    expect([defaultAddress, defaultPaymentMethod]).toEqual([null, null]);
    await anAddress(client, id);
    const deletion = `mutation { deleteCustomer(input: { id: "${id}" }) { deletedCustomerId userErrors { code } } }`;
    const { deleteCustomer } = (await client.execute(deletion)).expectData();
    expect(deleteCustomer).toEqual({ deletedCustomerId: id, userErrors: [] });
  } finally {
    await vault.close();
  }
});

test('a default without its row is refused when the transaction ends, and not before', async () => {
  const databaseUrl = await emptyDatabaseUrl();
  await applyMigrations(databaseUrl, 'prisma/migrations');
  const vault = await startVault({ databaseUrl });
  const { id, addresses } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  await vault.close();
  const [address] = addresses;

  const clearing = queryAs(
    databaseUrl,
    `begin; delete from addresses where id = '${address?.id}';
     update customers set default_address_id = null where id = '${id}'; rollback`,
  );
  await expect(clearing).resolves.toBeDefined();
  const forgetting = queryAs(databaseUrl, 'delete from addresses where id = $1', [address?.id]);
  await expect(forgetting).rejects.toMatchObject({
    code: '23503',
    constraint: 'customers_merchant_id_id_default_address_id_fkey',
  });
});
