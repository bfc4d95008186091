import { randomUUID } from 'node:crypto';
import { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { callerWith, makeKey, revoke, rotated, statusOf } from '../support/key-calls.js';
import { isReplay, keyed } from '../support/keyed.js';
import { aKey, aPartner, changeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

/** A key, its child and its grandchild, and a key that has nothing to do with them. */
async function aFamily() {
  const root = await makeKey(vault.owner);
  const child = await makeKey(callerWith(vault, root.secret));
  const grandchild = await makeKey(callerWith(vault, child.secret));
  return { root, child, grandchild, sibling: await makeKey(vault.owner) };
}

const statusesOf = (keys: readonly { readonly secret: string }[]) =>
  Promise.all(keys.map(({ secret }) => statusOf(vault, secret)));

async function makersSeenBy(client: Client): Promise<Record<string, string | null>> {
  const { apiKeys } = (
    await client.execute('{ apiKeys(first: 100) { nodes { id createdBy } } }')
  ).expectData();
  return Object.fromEntries(
    apiKeys.nodes.map(({ id, createdBy }: { id: string; createdBy: string | null }) => [id, createdBy]),
  );
}

test('a key says which key made it, and the operator’s say nobody', async () => {
  const first = await aKey(vault);
  const caller = new Client(vault.url, first.headers);
  const child = await makeKey(caller);
  const grandchild = await makeKey(callerWith(vault, child.secret));

  const { node } = (
    await caller.execute(`{ node(id: "${grandchild.id}") { ... on ApiKey { createdBy } } }`)
  ).expectData();

  expect([child.createdBy, grandchild.createdBy, node.createdBy]).toEqual([first.id, child.id, child.id]);
  expect(await makersSeenBy(caller)).toEqual({
    [first.id]: null,
    [child.id]: first.id,
    [grandchild.id]: child.id,
  });
});

test('names a partner’s key to that partner, and neither to the merchant nor to another partner', async () => {
  const [partner, rival] = [await aPartner(vault), await aPartner(vault)];
  const merchant = await aKey(vault, { partnerId: partner.id });
  const made = await makeKey(partner.actingFor(merchant.merchantId));
  const whole = await makersSeenBy(partner.actingFor(merchant.merchantId));
  const merchants = await makersSeenBy(new Client(vault.url, merchant.headers));
  await moveMerchant(merchant.merchantId, rival.id);

  const rivals = await makersSeenBy(rival.actingFor(merchant.merchantId));

  expect(made.createdBy).toBe(partner.keyId);
  expect(whole).toEqual({ [merchant.id]: null, [made.id]: partner.keyId, [partner.keyId]: null });
  expect(merchants).toEqual({ [merchant.id]: null, [made.id]: null });
  expect(rivals).toEqual({ [merchant.id]: null, [made.id]: null, [rival.keyId]: null });
});

async function moveMerchant(merchantId: string, partnerId: string) {
  await queryAs(vault.databaseUrl, 'update merchants set partner_id = $2 where id = $1', [
    merchantId,
    partnerId,
  ]);
}

test('revoking leaves alone what the key has made', async () => {
  const { root, child, grandchild, sibling } = await aFamily();

  const answer = await vault.owner.execute(
    `mutation { revokeApiKey(input: { id: "${root.id}" }) { apiKey { id } userErrors { code } } }`,
  );

  expect(answer.expectData().revokeApiKey).toEqual({ apiKey: { id: root.id }, userErrors: [] });
  expect(await statusesOf([root, child, grandchild, sibling])).toEqual([401, 200, 200, 200]);
});

test('revoking with what came from it ends all of that at once, and nothing else', async () => {
  const { root, child, grandchild, sibling } = await aFamily();
  const before = await statusesOf([root, child, grandchild, sibling]);

  const { apiKey } = (await revoke(vault.owner, root.id, true)).expectData().revokeApiKey;

  expect(before).toEqual([200, 200, 200, 200]);
  expect(apiKey).toEqual({ id: root.id, revokedAt: expect.any(String) });
  expect(await statusesOf([root, child, grandchild, sibling])).toEqual([401, 401, 401, 200]);
});

test('reaches what came from keys that were revoked before, and leaves their times as they are', async () => {
  const { root, child, grandchild } = await aFamily();
  await revoke(vault.owner, child.id);
  const { revokedAt } = (await revoke(vault.owner, root.id)).expectData().revokeApiKey.apiKey;

  const again = (await revoke(vault.owner, root.id, true)).expectData().revokeApiKey.apiKey;

  expect(again.revokedAt).toBe(revokedAt);
  expect(await statusesOf([root, child, grandchild])).toEqual([401, 401, 401]);
});

test('a key that came from another is revoked with it after its own rotation, too', async () => {
  const { root, child } = await aFamily();
  const fresh = await rotated(vault.owner, child.id);

  await revoke(vault.owner, root.id, true);

  expect(await statusOf(vault, fresh)).toBe(401);
});

test('a partner’s key takes along what it made for any of the partner’s merchants', async () => {
  const [partner, rival] = [await aPartner(vault), await aPartner(vault)];
  const stays = { partnerId: partner.id };
  const [one, two, moved] = [await aKey(vault, stays), await aKey(vault, stays), await aKey(vault, stays)];
  const made = [];
  for (const { merchantId } of [one, two, moved]) made.push(await makeKey(partner.actingFor(merchantId)));
  const below = await makeKey(callerWith(vault, made[1]?.secret ?? ''));
  await moveMerchant(moved.merchantId, rival.id);

  const answer = await revoke(partner.actingFor(one.merchantId), partner.keyId, true);

  expect(answer.expectData().revokeApiKey.userErrors).toEqual([]);
  expect(await statusesOf([...made, below])).toEqual([401, 401, 200, 401]);
  expect(await statusOf(vault, one.key)).toBe(200);
});

test('of a key that is not the caller’s, nothing is revoked', async () => {
  const { root, child } = await aFamily();
  const [partner, rival] = [await aPartner(vault), await aPartner(vault)];
  const merchant = await aKey(vault, { partnerId: partner.id });
  const made = await makeKey(partner.actingFor(merchant.merchantId));
  await moveMerchant(merchant.merchantId, rival.id);

  const answers = [
    await revoke(vault.stranger, root.id, true),
    // The partner's key made one of the merchant's; both are somebody else's business now.
    await revoke(rival.actingFor(merchant.merchantId), partner.keyId, true),
    await revoke(new Client(vault.url, merchant.headers), partner.keyId, true),
  ];

  const problems = answers.map((answer) => answer.expectUserErrors());
  expect(problems).toEqual(new Array(3).fill([{ code: 'NOT_FOUND', field: ['input', 'id'] }]));
  expect(await statusesOf([root, child, made])).toEqual([200, 200, 200]);
});

test('no key escapes that is made while its maker is being revoked', async () => {
  const root = await makeKey(vault.owner);
  const maker = await makeKey(callerWith(vault, root.secret));
  const caller = callerWith(vault, maker.secret);
  await makeKey(caller);
  const made: Promise<unknown>[] = [];
  const makeMany = async () => {
    for (let count = 0; count < 20; count += 1) {
      made.push(makeKey(caller).catch(() => null));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  };

  const making = makeMany();
  await new Promise((resolve) => setTimeout(resolve, 25));
  await revoke(vault.owner, root.id, true);
  await making;
  await Promise.all(made);

  const { rows } = await queryAs<{ made: number; revoked: number }>(
    vault.databaseUrl,
    'select count(*)::int as made, count(revoked_at)::int as revoked from api_keys where created_by_key_id = $1',
    [maker.id],
  );
  const [{ made: count, revoked } = { made: 0, revoked: 0 }] = rows;
  expect(count).toBeGreaterThan(1);
  expect(revoked).toBe(count);
});

test('takes along more keys than one statement does', async () => {
  const { root, child } = await aFamily();
  await queryAs(
    vault.databaseUrl,
    `insert into api_keys (merchant_id, id, label, preview, secret_hash, scopes, created_at, created_by_key_id)
     select k.merchant_id, 'b' || lpad(to_hex(n), 23, '0'), 'Many', '', k.secret_hash, k.scopes, now(), k.id
     from api_keys k, generate_series(1, 6000) n where k.id = $1`,
    [child.id],
  );

  const answer = await revoke(vault.owner, root.id, true);

  expect(answer.expectData().revokeApiKey.userErrors).toEqual([]);
  const { rows } = await queryAs(
    vault.databaseUrl,
    'select count(*)::int as made, count(revoked_at)::int as revoked from api_keys where created_by_key_id = $1',
    [child.id],
  );
  expect(rows).toEqual([{ made: 6_001, revoked: 6_001 }]);
});

test('a revocation that is sent again under its idempotency key takes nothing more along', async () => {
  const { root, child } = await aFamily();
  const key = randomUUID();
  const first = await keyed(vault.owner, 'revokeApiKey', key, { id: root.id, andDescendants: true });
  await changeKey(vault, child, 'revoked_at = null');

  const again = await keyed(vault.owner, 'revokeApiKey', key, { id: root.id, andDescendants: true });
  const plain = await keyed(vault.owner, 'revokeApiKey', key, { id: root.id });

  expect(again.expectData()).toEqual(first.expectData());
  expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
  expect(plain.expectUserErrors()).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', field: null }]);
});

test('a merchant says its mode', async () => {
  const live = await aKey(vault, { mode: 'live' });

  const modes = [vault.owner, new Client(vault.url, live.headers)].map((client) =>
    client.execute('{ merchant { mode } }'),
  );

  expect((await Promise.all(modes)).map((answer) => answer.expectData().merchant.mode)).toEqual([
    'TEST',
    'LIVE',
  ]);
});
