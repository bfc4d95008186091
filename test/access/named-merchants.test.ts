import { newApiKey } from '../../src/access/secret.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { callerWith, makeKey, revoke, rotated, statusOf } from '../support/key-calls.js';
import { aKey, aPartner, aSession, changeKey } from '../support/keys.js';
import { recordStatements } from '../support/statements.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

/** A key or a token as it was made before they named their merchants. */
const before = (credential: string) => credential.replace(/_[0-9a-f]{24}_/, '_');
const ofMerchant = (credential: string, merchantId: string) => {
  const [prefix, mode, , ...rest] = credential.split('_');
  return [prefix, mode, merchantId, ...rest].join('_');
};
const secretOf = (headers: { authorization: string }) => headers.authorization.slice('Bearer '.length);

test('a key that is made names its merchant and is looked up by both', async () => {
  const { key, merchantId } = await aKey(vault);

  const { id, secret } = await makeKey(callerWith(vault, key));
  const { statements } = recordStatements(vault.database);
  const status = await statusOf(vault, secret);

  expect(secret).toMatch(new RegExp(`^sk_test_${merchantId}_${id}_[A-Za-z0-9_-]{43}$`));
  expect(status).toBe(200);
  const [lookUp] = statements.filter(({ text }) => text.includes('access.findApiKey'));
  expect(lookUp?.text).toMatch(/k\.merchant_id = \$1 and k\.id = \$2/);
  expect(lookUp?.values).toEqual([merchantId, id]);
});

test("a session's token names its merchant and is looked up by both", async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const { id, token } = await aSession(vault, vault.owner, { customerId });
  const { statements } = recordStatements(vault.database);
  const status = await statusOf(vault, token);

  expect(token).toMatch(new RegExp(`^cs_test_${vault.ownerId}_${id}_[A-Za-z0-9_-]{43}$`));
  expect(status).toBe(200);
  const [lookUp] = statements.filter(({ text }) => text.includes('access.findCustomerSession'));
  expect(lookUp?.values).toEqual([vault.ownerId, vault.ownerId, id]);
});

test('keys and tokens from before still work, and end as others do', async () => {
  const { key, id } = await aKey(vault);
  const caller = callerWith(vault, before(key));
  const { id: customerId } = await aCustomer(caller);
  const { token } = await aSession(vault, caller, { customerId });

  const worked = [await statusOf(vault, before(key)), await statusOf(vault, before(token))];
  await revoke(caller, id);

  expect(worked).toEqual([200, 200]);
  const ended = [key, before(key), token, before(token)].map((secret) => statusOf(vault, secret));
  expect(await Promise.all(ended)).toEqual([401, 401, 401, 401]);
});

test('a key from before gets the new form when it is rotated, and its old secret is good in the old one', async () => {
  const { key, id, merchantId } = await aKey(vault);

  const fresh = await rotated(callerWith(vault, before(key)), id, 60);

  expect(fresh).toMatch(new RegExp(`^sk_test_${merchantId}_${id}_`));
  expect([await statusOf(vault, fresh), await statusOf(vault, before(key))]).toEqual([200, 200]);
  const last = await rotated(callerWith(vault, fresh), id);
  const all = [last, before(last), fresh, before(key)].map((secret) => statusOf(vault, secret));
  expect(await Promise.all(all)).toEqual([200, 200, 401, 401]);
});

test('a key or a token with another merchant than its own is wrong, also where the right one is known', async () => {
  const { key } = await aKey(vault);
  const other = await aKey(vault);
  const { id: customerId } = await aCustomer(callerWith(vault, key));
  const { token } = await aSession(vault, callerWith(vault, key), { customerId });
  const known = [await statusOf(vault, key), await statusOf(vault, token)];

  const wrong = [key, token].map((secret) => statusOf(vault, ofMerchant(secret, other.merchantId)));

  expect(await Promise.all(wrong)).toEqual([401, 401]);
  expect([...known, await statusOf(vault, key), await statusOf(vault, token)]).toEqual([200, 200, 200, 200]);
});

test("a partner's key names no merchant, also when it is rotated, and is wrong with one", async () => {
  const partner = await aPartner(vault);
  const { merchantId } = await aKey(vault, { partnerId: partner.id });
  const key = secretOf(partner.headers);

  const named = key.replace(/_(?=[0-9a-f]{24}_)/, `_${merchantId}_`);
  const statuses = [await statusOf(vault, key), await statusOf(vault, named)];
  const fresh = await rotated(partner.actingFor(merchantId), partner.keyId);
  const { secret } = await makeKey(callerWith(vault, fresh, merchantId));

  expect(statuses).toEqual([200, 401]);
  expect(fresh).toMatch(new RegExp(`^sk_test_${partner.keyId}_[A-Za-z0-9_-]{43}$`));
  expect(secret).toMatch(new RegExp(`^sk_test_${merchantId}_[0-9a-f]{24}_[A-Za-z0-9_-]{43}$`));
  expect([await statusOf(vault, fresh), await statusOf(vault, secret)]).toEqual([200, 200]);
});

test('beyond the budget of guesses a right key passes by its merchant, and with another merchant it does not', async () => {
  const small = await startVault({ limits: { wrongKeysPerMinute: 1 } });
  try {
    const { key } = await aKey(small);
    const { merchantId } = await aKey(small);
    const wrong = () => statusOf(small, newApiKey({ mode: 'test', merchantId }, merchantId).key);
    await wrong();

    const together = [key, ofMerchant(key, merchantId), before(key)].map((secret) => statusOf(small, secret));

    expect(await Promise.all(together)).toEqual([200, 429, 200]);
  } finally {
    await small.close();
  }
});

test("writes down the last uses of merchants' keys and of partners' keys", async () => {
  const other = await startVault({ keyring: vault.keyring });
  const partner = await aPartner(vault);
  const [first, second] = [await aKey(vault), await aKey(vault)];
  await changeKey(vault, second, "last_used_at = now() + interval '1 hour'");
  await aKey(vault);

  for (const secret of [first.key, second.key, secretOf(partner.headers)]) await statusOf(other, secret);
  const { texts } = recordStatements(other.database);
  await other.close();

  const { rows } = await queryAs<{ id: string; used: string }>(
    vault.databaseUrl,
    `select id, (last_used_at > now())::text as used from api_keys where merchant_id = any ($1)
     union all select id, (last_used_at > now())::text from partner_keys where id = $2`,
    [[first.merchantId, second.merchantId], partner.keyId],
  );
  expect(new Map(rows.map(({ id, used }) => [id, used]))).toEqual(
    new Map([
      [first.id, 'false'],
      // A later use that another server has written down stays.
      [second.id, 'true'],
      [partner.keyId, 'false'],
    ]),
  );
  expect(texts.filter((text) => /access\.save(Partner)?KeyUses/.test(text))).toHaveLength(2);
});

test("writes nothing of partners' keys where none was used", async () => {
  const other = await startVault({ keyring: vault.keyring });
  const { key } = await aKey(vault);

  await statusOf(other, key);
  const { texts } = recordStatements(other.database);
  await other.close();

  expect(texts.filter((text) => /KeyUses/.test(text))).toEqual([
    expect.stringContaining('access.saveKeyUses'),
  ]);
});
