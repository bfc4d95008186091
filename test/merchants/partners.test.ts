import type { Answer } from '../support/client.js';
import { Client } from '../support/client.js';
import { aCustomer } from '../support/factories.js';
import { aKey, aPartner, aSession, changeKey } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();
const NEVER = '0'.repeat(24);

afterAll(() => vault.close());

const withoutRequestId = ({ status, body: { extensions: _, ...body } }: Answer<unknown>) =>
  JSON.stringify([status, body]);

test('acts for the merchant that it names, and sees what that merchant has', async () => {
  const partner = await aPartner(vault);
  const [one, other] = [
    await aKey(vault, { partnerId: partner.id }),
    await aKey(vault, { partnerId: partner.id }),
  ];
  const { id } = await aCustomer(new Client(vault.url, one.headers));
  const document = `{ merchant { id } customer(id: "${id}") { id } }`;

  const [ofOne, ofOther] = [
    await partner.actingFor(one.merchantId).execute(document),
    await partner.actingFor(other.merchantId.toUpperCase()).execute(document),
  ];

  expect(ofOne.expectData()).toEqual({ merchant: { id: one.merchantId }, customer: { id } });
  expect(ofOther.expectData()).toEqual({ merchant: { id: other.merchantId }, customer: null });
});

test('without a merchant has only the list of its merchants', async () => {
  const partner = await aPartner(vault);
  const { merchantId } = await aKey(vault, { partnerId: partner.id });

  const answer = await partner
    .actingFor()
    .execute(
      '{ merchants { totalCount nodes { id name } } customers { totalCount } me { id } merchant { id } apiKeys { totalCount } node(id: "x") { id } }',
    );

  expect(answer.body.data).toEqual({
    merchants: { totalCount: 1, nodes: [{ id: merchantId, name: 'Someone' }] },
    customers: null,
    me: null,
    merchant: null,
    apiKeys: null,
    node: null,
  });
  expect(answer.body.errors?.map(({ message, extensions }) => ({ message, extensions }))).toEqual(
    new Array(5).fill({
      message:
        'The key of a partner needs the header `Vault-Merchant`, with the id of the merchant for whom it acts.',
      extensions: { code: 'FORBIDDEN', missingHeader: 'Vault-Merchant' },
    }),
  );
});

test('walks its merchants page by page, and takes no cursor of another partner', async () => {
  const [partner, rival] = [await aPartner(vault), await aPartner(vault)];
  const made = [];
  for (let count = 0; count < 3; count += 1)
    made.push((await aKey(vault, { partnerId: partner.id })).merchantId);
  const document =
    'query ($after: String) { merchants(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }';

  const first = (await partner.actingFor().execute(document)).expectData().merchants;
  const after = first.pageInfo.endCursor;
  const second = (await partner.actingFor().execute(document, { after })).expectData().merchants;
  const rivals = await rival.actingFor().execute(document, { after });
  const forged = await rival.actingFor().execute(document, { after: 'A'.repeat(after.length) });

  expect([...first.nodes, ...second.nodes].map(({ id }: { id: string }) => id)).toEqual(made.toReversed());
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect(rivals.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['merchants'] }]);
  expect(withoutRequestId(rivals)).toBe(withoutRequestId(forged));
});

test('is refused for a merchant that is not its own exactly as for one that does not exist', async () => {
  const partner = await aPartner(vault);
  const rivals = await aKey(vault, { partnerId: (await aPartner(vault)).id });
  const live = await aKey(vault, { partnerId: partner.id, mode: 'live' });
  const document = '{ merchant { id } merchants { totalCount } customers { totalCount } }';
  const ask = async (merchant: string) =>
    withoutRequestId(await partner.actingFor(merchant).execute(document));

  const never = await ask(NEVER);

  expect(JSON.parse(never)).toEqual([
    200,
    {
      data: { merchant: null, merchants: null, customers: null },
      errors: ['merchant', 'merchants', 'customers'].map((field) =>
        expect.objectContaining({
          message: 'The header `Vault-Merchant` names no merchant for whom the caller may act.',
          path: [field],
          extensions: { code: 'FORBIDDEN' },
        }),
      ),
    },
  ]);
  for (const merchant of [rivals.merchantId, live.merchantId, vault.ownerId, 'x', ''])
    expect(await ask(merchant)).toBe(never);
});

test('has a merchant’s own key act for no other merchant', async () => {
  const own = await aKey(vault);
  const ask = (merchant: string) =>
    new Client(vault.url, { ...own.headers, 'vault-merchant': merchant }).execute('{ merchant { id } }');

  expect((await ask(own.merchantId)).expectData()).toEqual({ merchant: { id: own.merchantId } });
  expect((await ask(vault.ownerId)).expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['merchant'] }]);
  expect((await ask(NEVER)).expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['merchant'] }]);
});

test('may do no more for its merchants than its scopes say', async () => {
  const partner = await aPartner(vault);
  const { merchantId } = await aKey(vault, { partnerId: partner.id });
  await changeKey(vault, { id: partner.keyId }, "scopes = '{CUSTOMERS_READ}'");

  const answer = await partner
    .actingFor(merchantId)
    .execute('{ customers { totalCount } apiKeys { totalCount } merchants { totalCount } }');

  expect(answer.body.data).toEqual({
    customers: { totalCount: 0 },
    apiKeys: null,
    merchants: { totalCount: 1 },
  });
  expect(answer.body.errors).toEqual([
    expect.objectContaining({
      message: 'The key lacks the scope `KEYS_MANAGE`.',
      extensions: { code: 'FORBIDDEN', missingScopes: ['KEYS_MANAGE'] },
    }),
  ]);
});

test('manages the merchant’s keys and its own, and the merchant sees only the merchant’s', async () => {
  const partner = await aPartner(vault);
  const merchant = await aKey(vault, { partnerId: partner.id });
  const list = '{ apiKeys { nodes { id partner } } }';

  const partners = (await partner.actingFor(merchant.merchantId).execute(list)).expectData();
  const merchants = (await new Client(vault.url, merchant.headers).execute(list)).expectData();
  const rotated = await partner
    .actingFor(merchant.merchantId)
    .execute(
      `mutation { rotateApiKey(input: { id: "${partner.keyId}", overlapSeconds: 60 }) { apiKey { partner } secret } }`,
    );
  const refused = await new Client(vault.url, merchant.headers).execute(
    `mutation { revokeApiKey(input: { id: "${partner.keyId}" }) { userErrors { code field } } }`,
  );

  expect(partners.apiKeys.nodes).toEqual([
    { id: merchant.id, partner: false },
    { id: partner.keyId, partner: true },
  ]);
  expect(merchants.apiKeys.nodes).toEqual([{ id: merchant.id, partner: false }]);
  const { apiKey, secret } = rotated.expectData().rotateApiKey;
  expect(apiKey).toEqual({ partner: true });
  const renewed = new Client(vault.url, { authorization: `Bearer ${secret}` });
  expect((await renewed.execute('{ merchants { totalCount } }')).expectData().merchants.totalCount).toBe(1);
  expect(refused.expectUserErrors()).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
});

test('makes sessions of its merchants’ customers', async () => {
  const partner = await aPartner(vault);
  const { merchantId, headers } = await aKey(vault, { partnerId: partner.id });
  const { id } = await aCustomer(new Client(vault.url, headers));

  const { client } = await aSession(vault, partner.actingFor(merchantId), { customerId: id });

  expect((await client.execute('{ me { id } }')).expectData()).toEqual({ me: { id } });
});

test('keeps a live merchant away from the sandbox', async () => {
  const live = await aKey(vault, { mode: 'live' });
  const client = new Client(vault.url, live.headers);
  const { id } = await aCustomer(client);
  const tokenize =
    'mutation { createSandboxPaymentToken(input: { ach: { bankAccountType: SAVINGS, lastFour: "0000" } }) { token } }';

  const made = await client.execute(tokenize);
  const linked = await client.execute(
    `mutation { linkPaymentMethod(input: { customerId: "${id}", token: "t" }) { userErrors { code field } } }`,
  );

  expect(live.key).toMatch(/^sk_live_/);
  expect(made.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['createSandboxPaymentToken'] }]);
  expect(linked.expectUserErrors()).toEqual([{ code: 'TOKEN_NOT_ACCEPTED', field: ['input', 'token'] }]);
});
