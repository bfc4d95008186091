import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/database.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { callerWith, makeKey, revoke, rotate, rotated, statusOf } from '../support/key-calls.js';
import { keyed } from '../support/keyed.js';
import { aKey, aPartner, aSession } from '../support/keys.js';
import { open, postBytes } from '../support/sockets.js';
import { startVault, type TestVault } from '../support/vault.js';

const FORGOTTEN_MS = 5_100;

let vault: TestVault;
/** Another server on the same database. */
let other: TestVault;
const sockets: Socket[] = [];

beforeAll(async () => {
  vault = await startVault();
  other = await startVault({ keyring: vault.keyring });
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await other.close();
  await vault.close();
});

test('a secret that was rotated away is refused at once where that was done, and within 5 s elsewhere', async () => {
  const { id, secret } = await makeKey(vault.owner);
  const before = [await statusOf(vault, secret), await statusOf(other, secret)];

  const fresh = await rotated(vault.owner, id);
  const here = [await statusOf(vault, secret), await statusOf(vault, fresh)];
  const elsewhere = await statusOf(other, fresh);
  await sleep(FORGOTTEN_MS);

  expect([before, here, elsewhere]).toEqual([[200, 200], [401, 200], 200]);
  expect([await statusOf(other, secret), await statusOf(other, fresh)]).toEqual([401, 200]);
});

test.each<[string, (id: string) => Promise<unknown>]>([
  ['rotated under an idempotency key', (id) => keyed(vault.owner, 'rotateApiKey', randomUUID(), { id })],
  ['revoked', (id) => revoke(vault.owner, id)],
  ['revoked under an idempotency key', (id) => keyed(vault.owner, 'revokeApiKey', randomUUID(), { id })],
])('a secret is refused at once where its key was %s', async (_, end) => {
  const { id, secret } = await makeKey(vault.owner);
  const before = await statusOf(vault, secret);

  await end(id);

  expect([before, await statusOf(vault, secret)]).toEqual([200, 401]);
});

/** Sends all of a request but its last byte; gives the status when that is sent, too. */
async function holdBack({ url }: Pick<TestVault, 'url'>, secret: string): Promise<() => Promise<string>> {
  const socket = await open(url);
  sockets.push(socket);
  const bytes = postBytes('{"query":"{ merchant { id } me { id } }"}', { authorization: `Bearer ${secret}` });
  socket.write(bytes.slice(0, -1));
  return async () => {
    socket.write(bytes.slice(-1));
    const [answer] = await once(socket, 'data');
    return String(answer).split(' ', 2).at(-1) ?? '';
  };
}

test('a secret that ends while a body arrives is refused when the body is there', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const { id, secret } = await makeKey(vault.owner);
  const { secret: lasting } = await makeKey(vault.owner);
  const session = { customerId, permissions: ['EDIT_PROFILE'] };
  const { token } = await aSession(vault, callerWith(vault, secret), session);
  const held = [await holdBack(vault, secret), await holdBack(vault, token)];
  const elsewhere = [await holdBack(other, secret), await holdBack(other, token)];
  const good = await holdBack(vault, lasting);
  await sleep(100);

  await rotated(vault.owner, id);
  const here = await Promise.all(held.map((send) => send()));
  await sleep(FORGOTTEN_MS);

  expect([here, await good()]).toEqual([['401', '401'], '200']);
  expect(await Promise.all(elsewhere.map((send) => send()))).toEqual(['401', '401']);
});

/** Holds what the next look-up of a key brings until it is released. */
function holdNextLookUp(database: Database) {
  const read = database.read.bind(database);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld = () => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  database.read = async (statement) => {
    const rows = await read<never>(statement);
    if (!statement.text.includes('access.findApiKey')) return rows;
    database.read = read;
    isHeld();
    await released;
    return rows;
  };
  return { held, release };
}

test('a look-up that is under way while a key is rotated does not put its old secret back', async () => {
  const { id, secret } = await makeKey(vault.owner);
  await vault.owner.execute('{ merchant { id } }');
  const { held, release } = holdNextLookUp(vault.database);
  const early = statusOf(vault, secret);
  await held;

  await rotate(vault.owner, id);
  const late = statusOf(vault, secret);
  release();

  // The early one had been asked before, but its turn comes afterwards; nobody else may profit from it.
  expect([await early, await late, await statusOf(vault, secret)]).toEqual([401, 401, 401]);
});

test.each<[string, (id: string) => Promise<unknown>, number]>([
  ['rotated without an overlap', (id) => rotate(vault.owner, id), 401],
  ['revoked', (id) => revoke(vault.owner, id), 401],
  ['rotated with an overlap', (id) => rotate(vault.owner, id, 60), 200],
  [
    'rotated twice',
    async (id) => [await rotate(vault.owner, id, 60), await rotate(vault.owner, id, 60)],
    401,
  ],
])('a session of a key that was %s: at once, and within 5 s elsewhere', async (_, end, expected) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const { id, secret } = await makeKey(vault.owner);
  const session = { customerId, permissions: ['EDIT_PROFILE'] };
  const { token } = await aSession(vault, callerWith(vault, secret), session);
  const before = [await statusOf(vault, token), await statusOf(other, token)];

  await end(id);
  const here = await statusOf(vault, token);
  await sleep(FORGOTTEN_MS);

  expect([before, here, await statusOf(other, token)]).toEqual([[200, 200], expected, expected]);
});

test('a session ends with the overlap of the secret that made it, and one of the new secret does not', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const { id, secret } = await makeKey(vault.owner);
  const session = { customerId, permissions: ['EDIT_PROFILE'] };
  const { token: early } = await aSession(vault, callerWith(vault, secret), session);
  const fresh = await rotated(vault.owner, id, 60);
  const { token: old } = await aSession(vault, callerWith(vault, secret), session);
  const { token: young } = await aSession(vault, callerWith(vault, fresh), session);
  const tokens = [early, old, young];
  const during = await Promise.all(tokens.map((token) => statusOf(vault, token)));

  await queryAs(vault.databaseUrl, 'update api_keys set old_until = now() where id = $1', [id]);
  await sleep(FORGOTTEN_MS);

  expect(during).toEqual([200, 200, 200]);
  expect(await Promise.all(tokens.map((token) => statusOf(vault, token)))).toEqual([401, 401, 200]);
});

test('the sessions of a partner’s key end with its secret, too', async () => {
  const partner = await aPartner(vault);
  const merchant = await aKey(vault, { partnerId: partner.id });
  const acting = partner.actingFor(merchant.merchantId);
  const { id: customerId } = await aCustomer(acting);
  const { token } = await aSession(vault, acting, { customerId });
  const before = await statusOf(vault, token);

  const fresh = await rotated(acting, partner.keyId);
  const renewed = callerWith(vault, fresh, merchant.merchantId);
  const { token: young } = await aSession(vault, renewed, { customerId });

  expect([before, await statusOf(vault, token), await statusOf(vault, young)]).toEqual([200, 401, 200]);
});

test.each<[string, (caller: ReturnType<typeof callerWith>, id: string) => Promise<unknown>]>([
  ['makes no key', (caller) => makeKey(caller)],
  ['rotates no key', (caller, id) => rotated(caller, id)],
  ['revokes no key', async (caller, id) => (await revoke(caller, id)).expectData()],
])('a secret that has been rotated away elsewhere %s, although it is still let in', async (_, act) => {
  const { id, secret } = await makeKey(vault.owner);
  const { id: sibling, secret: siblings } = await makeKey(vault.owner);
  const thief = callerWith(other, secret);
  await statusOf(other, secret);
  await rotate(vault.owner, id);
  const before = await keysOf(vault);

  await expect(act(thief, sibling)).rejects.toThrow('UNAUTHENTICATED');

  expect(await keysOf(vault)).toEqual(before);
  expect(await statusOf(vault, siblings)).toBe(200);
});

test('a session that such a secret makes is as good as none', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const { id, secret } = await makeKey(vault.owner);
  await statusOf(other, secret);
  await rotate(vault.owner, id);

  const { token } = await aSession(other, callerWith(other, secret), {
    customerId,
    permissions: ['EDIT_PROFILE'],
  });

  expect([await statusOf(other, token), await statusOf(vault, token)]).toEqual([401, 401]);
});

/** How all keys are stored. */
async function keysOf({ databaseUrl }: TestVault): Promise<string[]> {
  const { rows } = await queryAs<{ key: string }>(
    databaseUrl,
    `select (to_jsonb(k) - 'last_used_at')::text as key from api_keys k order by id`,
  );
  return rows.map(({ key }) => key);
}

test('of two rotations by one secret at once, one makes a new secret that lasts', async () => {
  const { id, secret } = await makeKey(vault.owner);
  const callers = [vault, other].map((server) => callerWith(server, secret));
  await Promise.all(callers.map((caller) => caller.execute('{ apiKeys { totalCount } }')));

  const answers = await Promise.all(callers.map((caller) => rotate(caller, id)));

  const secrets = answers.flatMap(({ body }) => body.data?.rotateApiKey?.secret ?? []);
  const refused = answers.filter(({ body }) => body.errors).map((answer) => answer.expectErrors());
  expect(refused).toEqual([[{ code: 'UNAUTHENTICATED', path: ['rotateApiKey'] }]]);
  expect(secrets).toHaveLength(1);
  expect([await statusOf(vault, secrets[0]), await statusOf(other, secrets[0])]).toEqual([200, 200]);
});

test('rotations by one secret at once, each with an overlap, all succeed one after the other', async () => {
  const { id } = await makeKey(vault.owner);

  const answers = await Promise.all([1, 2, 3, 4].map(() => rotate(vault.owner, id, 60)));

  expect(answers.map((answer) => answer.expectData().rotateApiKey.userErrors)).toEqual([[], [], [], []]);
  const secrets = answers.map((answer) => answer.expectData().rotateApiKey.secret);
  const statuses = await Promise.all(secrets.map((secret) => statusOf(vault, secret)));
  // The last one and the one before it.
  expect(statuses.sort()).toEqual([200, 200, 401, 401]);
});

test('a rotation that is sent again under its idempotency key rotates once, and shows no secret', async () => {
  const { id, secret } = await makeKey(vault.owner);
  const key = randomUUID();
  const first = await keyed(vault.owner, 'rotateApiKey', key, { id, overlapSeconds: 60 });
  const again = await keyed(vault.owner, 'rotateApiKey', key, { id, overlapSeconds: 60 });

  const fresh = first.expectData().rotateApiKey.secret;
  expect(again.expectData().rotateApiKey).toMatchObject({ apiKey: { id }, secret: null, userErrors: [] });
  expect([await statusOf(vault, secret), await statusOf(vault, fresh)]).toEqual([200, 200]);
});
