import { setTimeout as sleep } from 'node:timers/promises';
import { scopes } from '../../src/access/scopes.js';
import { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCaller, aKey, changeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

const key = 'id label preview scopes partner createdAt lastUsedAt expiresAt revokedAt';
const create = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { ${key} } secret userErrors { code field message } }
}`;
const rotate = `mutation ($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) { apiKey { id preview } secret userErrors { code field message } }
}`;
const revoke = `mutation ($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) { apiKey { ${key} } userErrors { code field message } }
}`;

const clientOf = (secret: string) => new Client(vault.url, { authorization: `Bearer ${secret}` });

async function statusOf(secret: string): Promise<number> {
  return (await clientOf(secret).execute('{ merchant { name } }')).status;
}

async function aNewKey(caller = vault.owner, input: object = {}) {
  const answer = await caller.execute(create, {
    input: { label: 'Shop', scopes: ['CUSTOMERS_READ'], ...input },
  });
  return answer.expectData().createApiKey;
}

test('creates a key that can do what its scopes say and no more', async () => {
  const { apiKey, secret, userErrors } = await aNewKey();

  const shop = clientOf(secret);

  expect(userErrors).toEqual([]);
  expect(apiKey).toEqual({
    id: secret.split('_')[3],
    label: 'Shop',
    preview: `sk_test_${apiKey.id.slice(0, 4)}…`,
    scopes: ['CUSTOMERS_READ'],
    partner: false,
    createdAt: expect.any(String),
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
  });
  expect((await shop.execute('{ customers { totalCount } }')).expectData().customers).toBeTruthy();
  expect((await shop.execute('{ apiKeys { totalCount } }')).expectErrors()).toEqual([
    { code: 'FORBIDDEN', path: ['apiKeys'] },
  ]);
});

test.each([
  ['a blank label', { label: ' ' }, [{ code: 'REQUIRED', field: ['input', 'label'] }]],
  ['a long label', { label: 'x'.repeat(101) }, [{ code: 'TOO_LONG', field: ['input', 'label'] }]],
  ['no scopes', { scopes: [] }, [{ code: 'REQUIRED', field: ['input', 'scopes'] }]],
  [
    'an end in the past',
    { expiresAt: '2020-01-01T00:00:00Z' },
    [{ code: 'INVALID', field: ['input', 'expiresAt'] }],
  ],
  [
    'a card number for a label, and no scopes',
    { label: '4242 4242 4242 4242', scopes: [] },
    [
      { code: 'CARD_NUMBER_REFUSED', field: ['input', 'label'] },
      { code: 'REQUIRED', field: ['input', 'scopes'] },
    ],
  ],
])('refuses a key with %s', async (_, input, problems) => {
  const answer = await vault.owner.execute(create, {
    input: { label: 'Shop', scopes: ['CUSTOMERS_READ'], ...input },
  });

  expect(answer.expectUserErrors()).toEqual(problems);
});

test.each(scopes.filter((scope) => scope !== 'KEYS_MANAGE'))(
  'cannot give away %s without having it',
  async (scope) => {
    const caller = await aCaller(
      vault,
      scopes.filter((other) => other !== scope),
    );

    const exceeding = await caller.execute(create, { input: { label: 'Shop', scopes: [scope] } });
    const within = await aNewKey(caller, { scopes: ['KEYS_MANAGE'] });

    expect(exceeding.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'scopes'] }]);
    expect(within.userErrors).toEqual([]);
  },
);

test('cannot make a key that outlives its own', async () => {
  const own = await aKey(vault);
  await changeKey(vault, own, "expires_at = '2090-01-01'");
  const caller = new Client(vault.url, own.headers);
  const input = { label: 'Shop', scopes: ['CUSTOMERS_READ'] };

  const endless = await caller.execute(create, { input });
  const longer = await caller.execute(create, { input: { ...input, expiresAt: '2090-01-01T00:00:01Z' } });
  const same = await aNewKey(caller, { expiresAt: '2090-01-01T00:00:00Z' });

  const exceeded = [{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }];
  expect([endless.expectUserErrors(), longer.expectUserErrors()]).toEqual([exceeded, exceeded]);
  expect(same.apiKey.expiresAt).toBe('2090-01-01T00:00:00.000Z');
});

test('lists the keys newest first, page by page, and those of nobody else', async () => {
  const { headers, id } = await aKey(vault);
  const caller = new Client(vault.url, headers);
  const made = [];
  for (const label of ['One', 'Two', 'Three']) made.push((await aNewKey(caller, { label })).apiKey.id);

  const page = 'totalCount nodes { id } pageInfo { hasNextPage endCursor }';
  const first = (await caller.execute(`{ apiKeys(first: 3) { ${page} } }`)).expectData().apiKeys;
  const second = (
    await caller.execute(`query ($after: String) { apiKeys(first: 3, after: $after) { ${page} } }`, {
      after: first.pageInfo.endCursor,
    })
  ).expectData().apiKeys;

  expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
  expect([...first.nodes, ...second.nodes].map((node: { id: string }) => node.id)).toEqual([
    ...made.toReversed(),
    id,
  ]);
});

test('rotates a key: the new secret works at once, the old one as long as it is told', async () => {
  const { apiKey, secret } = await aNewKey();
  const answer = await vault.owner.execute(rotate, { input: { id: apiKey.id, overlapSeconds: 3_600 } });
  const rotated = answer.expectData().rotateApiKey;

  const during = [await statusOf(secret), await statusOf(rotated.secret)];
  await changeKey(vault, apiKey, 'old_until = now()');
  await sleep(5_100);

  expect(rotated.apiKey).toEqual({ id: apiKey.id, preview: apiKey.preview });
  expect(during).toEqual([200, 200]);
  expect([await statusOf(secret), await statusOf(rotated.secret)]).toEqual([401, 200]);
});

test('rotates without an overlap by default, and forgets the secret before the last', async () => {
  const { apiKey, secret: first } = await aNewKey();
  const input = { id: apiKey.id };
  const second = (await vault.owner.execute(rotate, { input })).expectData().rotateApiKey.secret;
  const third = (await vault.owner.execute(rotate, { input: { ...input, overlapSeconds: 60 } })).expectData()
    .rotateApiKey.secret;

  expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([401, 200, 200]);
});

test.each([
  ['-1', -1],
  ['604801', 604_801],
])('refuses an overlap of %s seconds', async (_, overlapSeconds) => {
  const { apiKey, secret } = await aNewKey();

  const answer = await vault.owner.execute(rotate, { input: { id: apiKey.id, overlapSeconds } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'overlapSeconds'] }]);
  expect(await statusOf(secret)).toBe(200);
});

test('cannot rotate a key that can do more: its secret would be an escalation', async () => {
  const strong = await aKey(vault);
  const weak = await aNewKey(new Client(vault.url, strong.headers), { scopes: ['KEYS_MANAGE'] });

  const answer = await clientOf(weak.secret).execute(rotate, { input: { id: strong.id } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'id'] }]);
  expect(await statusOf(strong.key)).toBe(200);
});

test('revokes a key for good: a second time changes nothing, and it cannot be rotated', async () => {
  const { apiKey } = await aNewKey();
  const input = { id: apiKey.id };
  const first = (await vault.owner.execute(revoke, { input })).expectData().revokeApiKey.apiKey;
  const again = (await vault.owner.execute(revoke, { input })).expectData().revokeApiKey.apiKey;
  const rotated = await vault.owner.execute(rotate, { input });

  expect(first.revokedAt).toEqual(expect.any(String));
  expect(again).toEqual(first);
  expect(rotated.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'id'] }]);
});

test('keeps when a key was last used, to the minute, and not by the request itself', async () => {
  const { apiKey, secret } = await aNewKey();
  const before = await writerOf(apiKey.id);
  for (let times = 0; times < 20; times += 1) await statusOf(secret);
  const rightAfter = await writerOf(apiKey.id);
  await sleep(5_500);

  const { node } = (
    await vault.owner.execute(`query ($id: ID!) { node(id: $id) { ... on ApiKey { lastUsedAt } } }`, {
      id: apiKey.id,
    })
  ).expectData();

  expect(node.lastUsedAt).toMatch(/:00\.000Z$/);
  expect(Math.abs(Date.now() - Date.parse(node.lastUsedAt))).toBeLessThan(130_000);
  expect(rightAfter).toBe(before);
  expect(await writerOf(apiKey.id)).not.toBe(before);
});

/** The transaction that wrote the row last. */
async function writerOf(id: string): Promise<string> {
  const { rows } = await queryAs<{ xmin: string }>(
    vault.databaseUrl,
    'select xmin::text from api_keys where id = $1',
    [id],
  );
  return rows[0]?.xmin ?? '';
}
