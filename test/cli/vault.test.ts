import { aDataDirectory, ChildServer, removeDataDirectories } from '../support/child-server.js';
import { Client } from '../support/client.js';
import { json, vault } from '../support/command-line.js';
import { callerWith, makeKey } from '../support/key-calls.js';

let server: ChildServer;
let url: string;
let embedded: Readonly<Record<string, string>>;

beforeAll(async () => {
  embedded = { VAULT_DATA_DIR: await aDataDirectory() };
  server = new ChildServer(embedded);
  url = await server.ready();
});

afterAll(async () => {
  await server.stop();
  await removeDataDirectories();
});

async function merchantOf(key: string): Promise<{ id: string; name: string }> {
  const client = new Client(url, { authorization: `Bearer ${key}` });
  return (await client.execute('{ merchant { id name } }')).expectData().merchant;
}

test('makes a merchant beside a running embedded server, whose key works at once', async () => {
  const made = await json(embedded, 'merchants', 'create', 'Corner Shop');
  const live = await json(embedded, 'merchants', 'create', 'Real Shop', '--mode', 'live');
  const { merchants } = await json(embedded, 'merchants', 'list');

  expect(made).toEqual({
    merchant: { id: expect.stringMatching(/^[0-9a-f]{24}$/), name: 'Corner Shop' },
    key: expect.stringMatching(/^sk_test_/),
  });
  expect(await merchantOf(made.key)).toEqual(made.merchant);
  expect(live.key).toMatch(/^sk_live_/);
  expect(merchants.map(({ name, mode }: { name: string; mode: string }) => [name, mode])).toEqual([
    ['Sandbox merchant', 'test'],
    ['Corner Shop', 'test'],
    ['Real Shop', 'live'],
  ]);
});

test('makes a partner with a merchant that its key acts for', async () => {
  const { partner, key } = await json(embedded, 'partners', 'create', 'Platform');
  const { merchant } = await json(embedded, 'merchants', 'create', 'Theirs', '--partner', partner.id);
  const client = new Client(url, { authorization: `Bearer ${key}`, 'vault-merchant': merchant.id });

  expect((await client.execute('{ merchant { id name } }')).expectData().merchant).toEqual(merchant);
});

test('makes, lists and revokes keys', async () => {
  const { merchant } = await json(embedded, 'merchants', 'create', 'Keys');
  const owner = ['--merchant', merchant.id];
  const made = await json(embedded, 'keys', 'create', ...owner, '--scopes', 'customers_read,TOKENS_READ');
  const before = await merchantOf(made.key);
  const revoked = await json(embedded, 'keys', 'revoke', made.apiKey.id, ...owner);
  const { apiKeys } = await json(embedded, 'keys', 'list', ...owner);

  expect(made.apiKey).toMatchObject({ scopes: ['CUSTOMERS_READ', 'TOKENS_READ'], expiresAt: null });
  expect(before.id).toBe(merchant.id);
  expect(revoked).toEqual({ revoked: made.apiKey.id });
  expect(apiKeys).toHaveLength(2);
  expect(apiKeys[1]).toMatchObject({ id: made.apiKey.id, revokedAt: expect.any(String) });
  expect(JSON.stringify(apiKeys)).not.toMatch(/hash|secret/i);
});

test('revokes a key with those that came from it, a merchant’s and a partner’s', async () => {
  const { partner, key: partnerKey } = await json(embedded, 'partners', 'create', 'Platform');
  const { merchant, key } = await json(embedded, 'merchants', 'create', 'Family', '--partner', partner.id);
  const child = await makeKey(callerWith({ url }, key));
  const grandchild = await makeKey(callerWith({ url }, child.secret));
  const partners = await makeKey(callerWith({ url }, partnerKey, merchant.id));
  const { apiKeys } = await json(embedded, 'keys', 'list', '--merchant', merchant.id);
  const root = apiKeys[0].id;
  const revoking = (id: string, ...owner: string[]) =>
    json(embedded, 'keys', 'revoke', id, ...owner, '--and-descendants');

  const families = await revoking(root, '--merchant', merchant.id);
  const again = await revoking(root, '--merchant', merchant.id);
  const platforms = await revoking(partnerKey.split('_')[2], '--partner', partner.id);
  const { apiKeys: after } = await json(embedded, 'keys', 'list', '--merchant', merchant.id);

  expect(apiKeys.map(({ createdBy }: { createdBy: string | null }) => createdBy)).toEqual([
    null,
    root,
    child.id,
    partnerKey.split('_')[2],
  ]);
  expect({ ...families, descendants: families.descendants.sort() }).toEqual({
    revoked: root,
    descendants: [child.id, grandchild.id].sort(),
  });
  expect(again).toEqual({ revoked: root, descendants: [] });
  expect(platforms).toEqual({ revoked: partnerKey.split('_')[2], descendants: [partners.id] });
  expect(after.every(({ revokedAt }: { revokedAt: string | null }) => revokedAt !== null)).toBe(true);
});

test('rotates the key-encryption keys beside the running server, and keeps one that is in use', async () => {
  const { keys: before } = await json(embedded, 'encryption', 'status');
  const added = await json(embedded, 'encryption', 'rotate', '--only-add');
  const refused = await vault(embedded, 'encryption', 'remove', before[0].id);
  const rotated = await json(embedded, 'encryption', 'rotate');
  const { keys: after } = await json(embedded, 'encryption', 'status');
  const removed = await json(embedded, 'encryption', 'remove', before[0].id);
  // The server has not opened this merchant's keys yet, and has never heard of the new key.
  const { key } = await json(embedded, 'merchants', 'create', 'After the rotation');

  const { id, merchantKeys } = before[0];
  expect(before).toEqual([{ id, current: true, inFile: true, merchantKeys }]);
  expect(added).toEqual({ current: expect.stringMatching(/^[0-9a-f]{8}$/), rewrapped: 0 });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `The key ${id} still wraps merchants' keys. Run \`encryption rotate\` first.\n`,
  ]);
  expect(rotated).toEqual({ current: added.current, rewrapped: merchantKeys });
  expect(after).toEqual([
    { id, current: false, inFile: true, merchantKeys: 0 },
    { id: added.current, current: true, inFile: true, merchantKeys },
  ]);
  expect(removed).toEqual({ removed: id });
  expect(await merchantOf(key)).toMatchObject({ name: 'After the rotation' });
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  ['an unknown command', ['shops'], {}, 2, /unknown command 'shops'/],
  ['no name', ['merchants', 'create'], {}, 2, /missing required argument 'name'/],
  ['a blank name', ['merchants', 'create', ' '], {}, 2, /1 to 200 characters/],
  ['a card number for a name', ['merchants', 'create', '4242 4242 4242 4242'], {}, 2, /no card number/],
  ['an unseen character in a name', ['partners', 'create', 'a\u202eb'], {}, 2, /none of them invisible/],
  ['another mode', ['merchants', 'create', 'X', '--mode', 'real'], {}, 2, /Allowed choices are test, live/],
  ['unknown scopes', ['keys', 'create', '--merchant', '0', '--scopes', 'ALL'], {}, 2, /CUSTOMERS_READ/],
  ['both owners', ['keys', 'list', '--merchant', '0', '--partner', '0'], {}, 2, /cannot be used with/],
  ['no owner', ['keys', 'list'], {}, 2, /^Give --merchant or --partner\.$/m],
  ['an unknown merchant', ['keys', 'list', '--merchant', '0'], {}, 1, /^There is no merchant 0\.$/m],
  ['an unknown partner', ['merchants', 'create', 'X', '--partner', '0'], {}, 1, /^There is no partner 0\.$/m],
  ['no vault', ['merchants', 'list'], { VAULT_DATA_DIR: '/nowhere' }, 1, /^There is no vault in \/nowhere\./],
  [
    'no key file',
    ['merchants', 'list'],
    { DATABASE_URL: 'postgresql://127.0.0.1:1/vault' },
    1,
    /^VAULT_KEY_FILE must be given together with DATABASE_URL\.$/m,
  ],
  [
    'the URL of an owner alone',
    ['merchants', 'list'],
    { VAULT_OWNER_URL: 'postgresql://127.0.0.1:1/vault' },
    1,
    /^VAULT_OWNER_URL needs DATABASE_URL beside it\.$/m,
  ],
  ['an embedded vault that has its merchant', ['init'], {}, 1, /^There is a merchant already/m],
  [
    "an owner's database that is away",
    ['merchants', 'list'],
    {
      DATABASE_URL: 'postgresql://127.0.0.1:1/vault',
      VAULT_OWNER_URL: 'postgresql://127.0.0.1:1/vault',
      VAULT_KEY_FILE: '/nowhere',
    },
    1,
    /^The database that VAULT_OWNER_URL names does not answer\.$/m,
  ],
  [
    'a database that is away',
    ['merchants', 'list'],
    { DATABASE_URL: 'postgresql://127.0.0.1:1/vault', VAULT_KEY_FILE: '/nowhere' },
    1,
    /^The database that DATABASE_URL names does not answer\.$/m,
  ],
])('says what is wrong with %s', async (_, args, environment, code, message) => {
  const ended = await vault({ ...embedded, ...environment }, ...args);

  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\bat .+:\d+/);
});

test.each([
  [[]],
  [['init']],
  [['merchants']],
  [['merchants', 'create']],
  [['merchants', 'list']],
  [['partners', 'create']],
  [['partners', 'list']],
  [['keys', 'create']],
  [['keys', 'list']],
  [['keys', 'revoke']],
  [['encryption', 'rotate']],
  [['encryption', 'status']],
  [['encryption', 'remove']],
  [['serve']],
  [['seed']],
  [['status']],
  [['key-file']],
])('explains itself: %j --help', async (args) => {
  const ended = await vault({}, ...args, '--help');

  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).toMatch(new RegExp(`^Usage: customer-vault ${args.join(' ')}`.trim()));
});

test('makes anew what customers are found by', async () => {
  const { merchant, key } = await json(embedded, 'merchants', 'create', 'Searched');
  const client = new Client(url, { authorization: `Bearer ${key}` });
  await client.execute('mutation { createCustomer(input: { name: "José" }) { customer { id } } }');

  const rebuilt = await json(embedded, 'search', 'rebuild');
  const { stdout } = await vault(embedded, 'search', 'rebuild');

  expect(merchant.name).toBe('Searched');
  expect(rebuilt).toEqual({ customers: expect.any(Number), changed: 0, unreadable: 0 });
  expect(rebuilt.customers).toBeGreaterThan(0);
  expect(stdout).toBe(`Looked at ${rebuilt.customers} customers and changed 0.\n`);
});
