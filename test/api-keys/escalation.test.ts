import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../support/client.js';
import { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { callerWith, makeKey, rotate, rotated } from '../support/key-calls.js';
import { aKey, aPartner, aSession, changeKey, type MadeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();
const LATER = '2099-01-01T00:00:00Z';

afterAll(() => vault.close());

/** A key that may do everything and ends in an hour, with its caller. */
async function anEndingKey(): Promise<MadeKey & { readonly caller: Client; readonly end: Date }> {
  const key = await aKey(vault);
  const end = new Date(Date.now() + 3_600_000);
  await changeKey(vault, key, `expires_at = '${end.toISOString()}'`);
  return { ...key, end, caller: new Client(vault.url, key.headers) };
}

/** Every document is sent so often: what happens at its first use must happen at its last. */
async function fiveTimes(send: () => Promise<Answer<unknown>>): Promise<Answer<unknown>[]> {
  const answers = [];
  for (let use = 0; use < 5; use += 1) answers.push(await send());
  return answers;
}

const create = (input: string, variables = '') =>
  `mutation ${variables} { createApiKey(input: { label: "L", scopes: [CUSTOMERS_READ]${input} }) {
    apiKey { id } userErrors { code field } } }`;

test.each<[string, string, object]>([
  ['left out', create(''), {}],
  ['null', create(', expiresAt: null'), {}],
  ['a literal', create(`, expiresAt: "${LATER}"`), {}],
  ['a variable', create(', expiresAt: $e', '($e: DateTime)'), { e: LATER }],
  ['a variable that is left out', create(', expiresAt: $e', '($e: DateTime)'), {}],
  ['a variable that is null', create(', expiresAt: $e', '($e: DateTime)'), { e: null }],
  ['the default of a variable', create(', expiresAt: $e', `($e: DateTime = "${LATER}")`), {}],
  ['null in place of a default', create(', expiresAt: $e', `($e: DateTime = "${LATER}")`), { e: null }],
  ['a default of null', create(', expiresAt: $e', '($e: DateTime = null)'), {}],
  [
    'in an input that is a variable',
    'mutation ($i: CreateApiKeyInput!) { createApiKey(input: $i) { apiKey { id } userErrors { code field } } }',
    { i: { label: 'L', scopes: ['CUSTOMERS_READ'], expiresAt: LATER } },
  ],
  [
    'in an input that is the default of a variable',
    `mutation ($i: CreateApiKeyInput! = { label: "L", scopes: [CUSTOMERS_READ], expiresAt: "${LATER}" }) {
      createApiKey(input: $i) { apiKey { id } userErrors { code field } } }`,
    {},
  ],
])('an ending key makes no longer one, the end being %s', async (_, document, variables) => {
  const { merchantId, caller } = await anEndingKey();

  const answers = await fiveTimes(() => caller.execute(document, variables));

  const exceeded = [{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }];
  expect(answers.map((answer) => answer.expectUserErrors())).toEqual(new Array(5).fill(exceeded));
  expect(await keysOf(merchantId)).toBe(1);
});

async function keysOf(merchantId: string): Promise<number> {
  const text = 'select count(*)::int as count from api_keys where merchant_id = $1';
  const { rows } = await queryAs<{ count: number }>(vault.databaseUrl, text, [merchantId]);
  return rows[0]?.count ?? -1;
}

test.each<[string, string, object]>([
  ['literals', 'scopes: [KEYS_MANAGE, TOKENS_READ]', {}],
  ['a variable', 'scopes: $s', { s: ['KEYS_MANAGE', 'TOKENS_READ'] }],
  ['the default of a variable', 'scopes: $s', {}],
  ['one that is no list', 'scopes: TOKENS_READ', {}],
  ['one beside its own', 'scopes: [KEYS_MANAGE, $one]', {}],
])('a key gives away no scope that it lacks, the scopes being %s', async (_, scopes, variables) => {
  const key = await aKey(vault);
  await changeKey(vault, key, "scopes = '{KEYS_MANAGE}'");
  const caller = new Client(vault.url, key.headers);
  const parts = [
    scopes.includes('$s') ? '$s: [Scope!]! = [KEYS_MANAGE, TOKENS_READ]' : '',
    scopes.includes('$one') ? '$one: Scope! = TOKENS_READ' : '',
  ].filter(Boolean);
  const document = `mutation ${parts.length > 0 ? `(${parts.join(', ')})` : ''} {
    createApiKey(input: { label: "L", ${scopes} }) { apiKey { id } userErrors { code field } } }`;

  const answers = await fiveTimes(() => caller.execute(document, variables));

  const exceeded = [{ code: 'SCOPE_EXCEEDED', field: ['input', 'scopes'] }];
  expect(answers.map((answer) => answer.expectUserErrors())).toEqual(new Array(5).fill(exceeded));
  expect(await keysOf(key.merchantId)).toBe(1);
});

test('an ending key rotates none that lives longer, and itself to the same end', async () => {
  const ending = await anEndingKey();
  const endless = await aKey(vault);
  await queryAs(vault.databaseUrl, 'update api_keys set merchant_id = $2 where id = $1', [
    endless.id,
    ending.merchantId,
  ]);

  const refused = await rotate(ending.caller, endless.id, 60);
  const fresh = callerWith(vault, await rotated(ending.caller, ending.id, 604_800));

  expect(refused.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'id'] }]);
  const { node } = (
    await fresh.execute(`{ node(id: "${ending.id}") { ... on ApiKey { expiresAt } } }`)
  ).expectData();
  expect(node.expiresAt).toBe(ending.end.toISOString());
});

test('an overlap keeps no secret longer than its key', async () => {
  const { id, key, caller } = await anEndingKey();
  const fresh = await rotated(caller, id, 604_800);
  await changeKey(vault, { id }, 'expires_at = now()');
  await sleep(5_100);

  const statuses = [key, fresh].map((secret) => callerWith(vault, secret).execute('{ me { id } }'));

  expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([401, 401]);
});

test('an old secret makes nothing that outlives its overlap', async () => {
  const { id, secret } = await makeKey(vault.owner);
  const { id: customerId } = await aCustomer(vault.owner);
  const before = Date.now();
  const fresh = callerWith(vault, await rotated(vault.owner, id, 600));
  const old = callerWith(vault, secret);

  const endless = await old.execute(create(''));
  const longer = await old.execute(create(`, expiresAt: "${new Date(before + 900_000).toISOString()}"`));
  const again = await rotate(old, id, 600);
  const shorter = await old.execute(create(`, expiresAt: "${new Date(before + 300_000).toISOString()}"`));
  const session = await old.execute(
    `mutation { createCustomerSession(input: {
      customerId: "${customerId}", permissions: [EDIT_PROFILE], expiresInSeconds: 86400
    }) { session { expiresAt } } }`,
  );
  const renewed = await fresh.execute(create(''));

  expect(endless.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }]);
  expect(longer.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }]);
  expect(again.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'id'] }]);
  expect(shorter.expectData()).toMatchObject({ createApiKey: { userErrors: [] } });
  expect(renewed.expectData()).toMatchObject({ createApiKey: { userErrors: [] } });
  const { expiresAt } = session.expectData().createCustomerSession.session;
  expect(Date.parse(expiresAt) - before).toBeLessThan(660_000);
});

test.each<[string, string, object]>([
  ['left out', '', {}],
  ['a literal', ', expiresInSeconds: 86400', {}],
  ['a variable', ', expiresInSeconds: $s', { s: 86_400 }],
  ['the default of a variable', ', expiresInSeconds: $s', {}],
])('a session ends with the key that made it, its time being %s', async (_, time, variables) => {
  const { id, caller } = await anEndingKey();
  await changeKey(vault, { id }, "expires_at = now() + interval '10 minutes'");
  const { id: customerId } = await aCustomer(caller);
  // The key was known with its old end.
  await sleep(5_100);
  const document = `mutation ${time.includes('$s') ? '($s: Int! = 86400)' : ''} { createCustomerSession(input: {
    customerId: "${customerId}"${time} }) { session { expiresAt } userErrors { code } } }`;

  const answers = await fiveTimes(() => caller.execute(document, variables));

  for (const answer of answers) {
    const { session } = (
      answer as Answer<{ createCustomerSession: { session: { expiresAt: string } } }>
    ).expectData().createCustomerSession;
    expect(Date.parse(session.expiresAt)).toBeLessThanOrEqual(Date.now() + 600_000);
  }
});

test.each<[string, string]>([
  ['createCustomerSession', 'customerId: "ID", permissions: [READ]'],
  ['createApiKey', 'label: "L", scopes: [CUSTOMERS_READ]'],
  ['rotateApiKey', 'id: "KEY"'],
  ['revokeApiKey', 'id: "KEY", andDescendants: true'],
])('a session makes and changes nothing of the kind by %s', async (field, input) => {
  const { id } = await aCustomer(vault.owner);
  const key = await makeKey(vault.owner);
  const { client } = await aSession(vault, vault.owner, {
    customerId: id,
    permissions: ['READ', 'EDIT_PROFILE'],
  });
  const given = input.replace('ID', id).replace('KEY', key.id);

  const answers = await fiveTimes(() =>
    client.execute(`mutation { ${field}(input: { ${given} }) { userErrors { code } } }`),
  );

  const refused = [{ code: 'FORBIDDEN', path: [field] }];
  expect(answers.map((answer) => answer.expectErrors())).toEqual(new Array(5).fill(refused));
});

test('a partner’s ending key makes no merchant’s key that outlives it, nor rotates one', async () => {
  const partner = await aPartner(vault);
  const merchant = await aKey(vault, { partnerId: partner.id });
  await changeKey(vault, { id: partner.keyId }, "expires_at = now() + interval '1 hour'");
  const caller = partner.actingFor(merchant.merchantId);

  const [endless, rotation] = [await caller.execute(create('')), await rotate(caller, merchant.id)];

  expect(endless.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'expiresAt'] }]);
  expect(rotation.expectUserErrors()).toEqual([{ code: 'SCOPE_EXCEEDED', field: ['input', 'id'] }]);
});
