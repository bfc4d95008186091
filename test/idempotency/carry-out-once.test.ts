import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newApiKey } from '../../src/access/secret.js';
import { canonicalText } from '../../src/idempotency/canonical-text.js';
import { deleteExpiredRecords } from '../../src/idempotency/idempotency.repository.js';
import { ProviderUnavailable, type TokenizationProvider } from '../../src/providers/provider.js';
import { sandboxProvider } from '../../src/providers/sandbox/sandbox-provider.js';
import { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer, anAddress, aProviderToken } from '../support/factories.js';
import { isReplay, keyed } from '../support/keyed.js';
import { aKey, changeKey, type MadeKey } from '../support/keys.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;
/** A second server on the same data: only one with the built-in provider makes payment tokens. */
let sandbox: TestVault;
const asked: string[] = [];
let provider: Pick<TokenizationProvider, 'findToken'> = sandboxProvider;

beforeAll(async () => {
  vault = await startVault({
    provider: {
      name: 'sandbox',
      findToken: (context, token) => {
        asked.push(token);
        return provider.findToken(context, token);
      },
    },
  });
  sandbox = await startVaultBeside();
});

afterEach(() => {
  provider = sandboxProvider;
});

afterAll(() => Promise.all([vault.close(), sandbox.close()]));

async function recordsOf(merchantId: string): Promise<{ result: object; text: string }[]> {
  const { rows } = await queryAs<{ result: object; text: string }>(
    vault.databaseUrl,
    'select result, r::text as text from idempotency_records r where merchant_id = $1',
    [merchantId],
  );
  return rows;
}

/** A payment token of the caller's merchant. */
function aToken({ key }: { readonly key: MadeKey }): Promise<string> {
  return aProviderToken(new Client(sandbox.url, key.headers));
}

/** A merchant of its own, so that its customers and records can be counted. */
async function aCaller(): Promise<{
  client: Client;
  merchantId: string;
  key: MadeKey;
}> {
  const key = await aKey(vault);
  return { client: new Client(vault.url, key.headers), merchantId: key.merchantId, key };
}

async function customersOf(client: Client): Promise<number> {
  return (await client.execute('{ customers { totalCount } }')).expectData().customers.totalCount;
}

test('takes the same arguments in another order for the same', async () => {
  const { client } = await aCaller();
  const key = randomUUID();
  const metadata = { a: '1', b: '2' };

  const answers = [
    await keyed(client, 'createCustomer', key, { name: 'Ada', email: 'a@example.com', metadata }),
    await keyed(client, 'createCustomer', key, {
      metadata: { b: '2', a: '1' },
      email: 'a@example.com',
      name: 'Ada',
    }),
  ];
  const literal = await client.execute(
    `mutation { createCustomer(input: { metadata: { b: "2", a: "1" },   name: "Ada", email: "a@example.com" })
      @idempotent(key: "${key}") { customer { id } } }`,
  );

  expect([...answers, literal].map(isReplay)).toEqual([false, true, true]);
  expect(await customersOf(client)).toBe(1);
});

test.each<[string, object]>([
  ['another value', { name: 'Grace' }],
  ['one field more', { name: 'Ada', phone: '555' }],
  ['a field that is null', { name: 'Ada', email: null }],
  ['other metadata', { name: 'Ada', metadata: { a: '1' } }],
  ['addresses in another order', { name: 'Ada', addresses: [{ label: 'A' }, { label: 'B' }] }],
])('refuses the key with %s, and changes nothing', async (_, other) => {
  const { client } = await aCaller();
  const key = randomUUID();
  await keyed(client, 'createCustomer', key, { name: 'Ada' });

  const answer = await keyed(client, 'createCustomer', key, other);

  expect(answer.expectData().createCustomer).toEqual({
    customer: null,
    userErrors: [expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED', field: null })],
  });
  expect(isReplay(answer)).toBe(false);
  expect(await customersOf(client)).toBe(1);
});

test('fills in every flag of the payload when the key is refused', async () => {
  const { client } = await aCaller();
  const key = randomUUID();
  await keyed(client, 'upsertCustomer', key, { name: 'Ada', reference: '1' });

  const answer = await keyed(client, 'upsertCustomer', key, { name: 'Ada', reference: '2' });

  expect(answer.expectUserErrors()).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', field: null }]);
  expect(answer.expectData().upsertCustomer.created).toBe(false);
});

test('does not keep what was refused: a corrected call may use the key', async () => {
  const { client, merchantId } = await aCaller();
  const key = randomUUID();
  const refused = await keyed(client, 'createCustomer', key, { name: ' ' });
  const kept = await recordsOf(merchantId);

  const corrected = await keyed(client, 'createCustomer', key, { name: 'Ada' });

  expect(refused.expectUserErrors()).toEqual([{ code: 'REQUIRED', field: ['input', 'name'] }]);
  expect(kept).toEqual([]);
  expect(corrected.expectData().createCustomer.userErrors).toEqual([]);
  expect(isReplay(corrected)).toBe(false);
});

test('does not keep what failed', async () => {
  const caller = await aCaller();
  const { client, merchantId } = caller;
  const input = { customerId: (await aCustomer(client)).id, token: await aToken(caller) };
  const key = randomUUID();
  provider = { findToken: () => Promise.reject(new ProviderUnavailable()) };
  const failed = await keyed(client, 'linkPaymentMethod', key, input);
  const kept = await recordsOf(merchantId);
  provider = sandboxProvider;

  const again = await keyed(client, 'linkPaymentMethod', key, input);

  expect(failed.expectErrors()).toEqual([{ code: 'PROVIDER_UNAVAILABLE', path: ['linkPaymentMethod'] }]);
  expect(kept).toEqual([]);
  expect(again.expectData().linkPaymentMethod.userErrors).toEqual([]);
});

test('goes on after a violation inside the transaction', async () => {
  const { client } = await aCaller();
  await aCustomer(client, { reference: 'taken' });
  const key = randomUUID();
  const input = { name: 'Ada', reference: 'taken' };

  const refused = await keyed(client, 'createCustomer', key, input);
  const upserted = await keyed(client, 'upsertCustomer', key, input);

  expect(refused.expectUserErrors()).toEqual([{ code: 'TAKEN', field: ['input', 'reference'] }]);
  expect(upserted.expectData().upsertCustomer).toMatchObject({ created: false, userErrors: [] });
});

test('keeps the keys of mutations, callers and merchants apart', async () => {
  const { client, merchantId, key: first } = await aCaller();
  const other = await aCaller();
  const id = 'f'.repeat(12) + merchantId.slice(12);
  const { key: secondKey, preview, secretHash } = newApiKey({ mode: 'test', merchantId }, id);
  await queryAs(
    vault.databaseUrl,
    `insert into api_keys (merchant_id, id, label, preview, secret_hash, scopes, created_at)
     select merchant_id, $1, label, $2, $3, scopes, created_at from api_keys where id = $4`,
    [id, preview, secretHash, first.id],
  );
  const colleague = new Client(vault.url, { authorization: `Bearer ${secondKey}` });
  const input = { name: 'Ada', reference: 'R' };

  const answers = [
    await keyed(client, 'upsertCustomer', 'same', input),
    await keyed(colleague, 'upsertCustomer', 'same', input),
    await keyed(other.client, 'upsertCustomer', 'same', input),
    await keyed(client, 'createCustomer', 'same', { name: 'Ada' }),
  ];

  expect(answers.map(isReplay)).toEqual([false, false, false, false]);
  expect(await customersOf(client)).toBe(2);
});

test('authorises before it looks anything up, a replay too', async () => {
  const { client, key } = await aCaller();
  const input = { name: 'Ada' };
  await keyed(client, 'createCustomer', 'k', input);
  // Five seconds are how long a key is remembered; another server has not seen it yet.
  const otherServer = await startVaultBeside();
  await changeKey(vault, key, `scopes = array['CUSTOMERS_READ']`);
  try {
    const answer = await keyed(new Client(otherServer.url, key.headers), 'createCustomer', 'k', input);

    expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['createCustomer'] }]);
    const { statements } = await loggedRequest(otherServer.logged, answer.body.extensions.requestId);
    expect(statements).toBe(0);
  } finally {
    await otherServer.close();
  }
});

/** A second server on the same data with the same keys. */
function startVaultBeside(): Promise<TestVault> {
  return startVault({ keyring: vault.keyring });
}

test('asks the provider for a first call and not for a replay', async () => {
  const caller = await aCaller();
  const { client } = caller;
  const token = await aToken(caller);
  const input = { customerId: (await aCustomer(client)).id, token };
  asked.length = 0;

  await keyed(client, 'linkPaymentMethod', 'k', input);
  const replay = await keyed(client, 'linkPaymentMethod', 'k', input);
  const reused = await keyed(client, 'linkPaymentMethod', 'k', { ...input, label: 'Other' });

  expect(asked).toEqual([token]);
  expect(isReplay(replay)).toBe(true);
  expect(reused.expectUserErrors()).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', field: null }]);
});

test('says at once that a call with the key is still running, and nothing waits', async () => {
  const caller = await aCaller();
  const { client } = caller;
  const input = { customerId: (await aCustomer(client)).id, token: await aToken(caller) };
  let answerNow = () => {};
  const slow = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  provider = {
    findToken: async (context, token) => {
      await slow;
      return sandboxProvider.findToken(context, token);
    },
  };
  asked.length = 0;
  const first = keyed(client, 'linkPaymentMethod', 'k', input);
  while (asked.length === 0) await sleep(5);

  const second = await keyed(client, 'linkPaymentMethod', 'k', input);
  answerNow();
  const done = await first;
  const third = await keyed(client, 'linkPaymentMethod', 'k', input);

  expect(second.expectUserErrors()).toEqual([{ code: 'IDEMPOTENCY_IN_PROGRESS', field: null }]);
  expect(done.expectData().linkPaymentMethod.userErrors).toEqual([]);
  expect(third.expectData()).toEqual(done.expectData());
  expect(asked).toHaveLength(1);
});

test('has one effect of 50 racing calls with one key', async () => {
  const { client } = await aCaller();
  const call = () => keyed(client, 'createCustomer', 'race', { name: 'Ada' });

  const answers = await Promise.all(Array.from({ length: 50 }, call));
  const after = await call();

  const id = after.expectData().createCustomer.customer.id;
  const seen = answers.map((answer) => {
    const { customer, userErrors } = answer.expectData().createCustomer;
    return customer?.id ?? userErrors[0].code;
  });
  expect(seen.filter((outcome) => outcome !== id && outcome !== 'IDEMPOTENCY_IN_PROGRESS')).toEqual([]);
  expect(seen).toContain(id);
  expect(await customersOf(client)).toBe(1);
});

test('writes the record in the transaction of the mutation: without the one the other is not there', async () => {
  const { client, merchantId } = await aCaller();
  await queryAs(
    vault.databaseUrl,
    `create function refuse_record() returns trigger language plpgsql as $$
     begin
       if new.merchant_id = '${merchantId}' then raise exception using errcode = '53100'; end if;
       return new;
     end $$`,
  );
  await queryAs(
    vault.databaseUrl,
    'create trigger refuse_record before insert on idempotency_records for each row execute function refuse_record()',
  );
  try {
    const answer = await keyed(client, 'createCustomer', 'k', { name: 'Ada' });

    expect([answer.status, answer.expectErrors()]).toEqual([
      503,
      [{ code: 'STORAGE_FULL', path: ['createCustomer'] }],
    ]);
    expect(await customersOf(client)).toBe(0);
  } finally {
    await queryAs(vault.databaseUrl, 'drop function refuse_record cascade');
  }
  expect(isReplay(await keyed(client, 'createCustomer', 'k', { name: 'Ada' }))).toBe(false);
});

test('frees the key when the connection of the call is killed', async () => {
  const caller = await aCaller();
  const { client } = caller;
  const input = { customerId: (await aCustomer(client)).id, token: await aToken(caller) };
  let giveUp = () => {};
  const hangs = new Promise<null>((resolve) => {
    giveUp = () => resolve(null);
  });
  provider = { findToken: () => hangs };
  asked.length = 0;
  const hanging = keyed(client, 'linkPaymentMethod', 'k', input);
  while (asked.length === 0) await sleep(5);
  provider = sandboxProvider;

  await queryAs(
    vault.databaseUrl,
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (
       select oid from pg_database where datname = current_database()
     )`,
  );
  let answer = await keyed(client, 'linkPaymentMethod', 'k', input);
  for (
    let tries = 0;
    tries < 50 && answer.expectData().linkPaymentMethod.paymentMethod === null;
    tries += 1
  ) {
    await sleep(20);
    answer = await keyed(client, 'linkPaymentMethod', 'k', input);
  }

  giveUp();

  expect(answer.expectData().linkPaymentMethod.userErrors).toEqual([]);
  expect((await hanging).expectErrors()).toEqual([
    { code: 'DATABASE_UNAVAILABLE', path: ['linkPaymentMethod'] },
  ]);
});

test('keeps hashes, ids and flags, and nothing that a person could be recognised by', async () => {
  const { client, merchantId } = await aCaller();
  // Words that no hexadecimal digits make by chance.
  const key = 'hopper-murray-key';
  const input = {
    name: 'Hopper Murray',
    email: 'hopper@example.com',
    reference: 'murray-7',
    metadata: { word: 'canary' },
  };
  const first = await keyed(client, 'upsertCustomer', key, input);

  const records = await recordsOf(merchantId);

  expect(records.map(({ result }) => result)).toEqual([
    { customer: first.expectData().upsertCustomer.customer.id, created: true },
  ]);
  const text = records[0]?.text ?? '';
  const bytes = Buffer.from((text.match(/[0-9a-f]{64,}/g) ?? []).join(''), 'hex').toString('latin1');
  expect(text + bytes).not.toMatch(/hopper|murray|canary|example/i);
});

test('forgets a key after 24 hours by the clock of the database', async () => {
  const { client, merchantId } = await aCaller();
  const call = () => keyed(client, 'createCustomer', 'k', { name: 'Ada' });
  const age = (hours: string) =>
    queryAs(
      vault.databaseUrl,
      `update idempotency_records set created_at = now() - interval '${hours}' where merchant_id = $1`,
      [merchantId],
    );

  const outcomes = [isReplay(await call())];
  await age('23 hours 59 minutes');
  outcomes.push(isReplay(await call()));
  await age('24 hours');
  outcomes.push(isReplay(await call()), isReplay(await call()));

  expect(outcomes).toEqual([false, true, false, true]);
  expect(await customersOf(client)).toBe(2);
  expect(await recordsOf(merchantId)).toHaveLength(1);
});

test('removes the records whose time is over in batches of 500, and leaves the others', async () => {
  const { client, merchantId } = await aCaller();
  await keyed(client, 'createCustomer', 'k', { name: 'Ada' });
  await queryAs(
    vault.databaseUrl,
    `insert into idempotency_records (merchant_id, key_hash, arguments_hash, result, created_at)
     select $1, sha256(n::text::bytea), sha256(''), '{}', now() - interval '25 hours' from generate_series(1, 600) n`,
    [merchantId],
  );

  const removed = [await deleteExpiredRecords(vault.database), await deleteExpiredRecords(vault.database)];

  expect(removed).toEqual([500, 100]);
  expect(await recordsOf(merchantId)).toHaveLength(1);
});

test('retries a keyed call whole after a deadlock', async () => {
  const { client } = await aCaller();
  const customer = await aCustomer(client);
  const { id } = await anAddress(client, customer.id);
  const retriesBefore = vault.database.activity.conflictRetries;
  const rival = new pg.Client({ connectionString: vault.databaseUrl });
  await rival.connect();
  try {
    await rival.query(`set deadlock_timeout = '30s'`);
    await rival.query('begin');
    await rival.query('select from addresses where id = $1 for update', [id]);
    const removing = keyed(client, 'removeAddress', 'k', { id });
    await sleep(300);
    // It waits for the address with the customer in its hands: PostgreSQL sees the circle and gives the call up.
    await rival.query('select from customers where id = $1 for update', [customer.id]);
    await rival.query('rollback');

    const answer = await removing;

    expect(answer.expectData().removeAddress.userErrors).toEqual([]);
    expect(vault.database.activity.conflictRetries).toBeGreaterThan(retriesBefore);
  } finally {
    await rival.end();
  }
});

test.each<[unknown, string]>([
  [{ b: 1, a: [{ d: null, c: 'x' }] }, '{"a":[{"c":"x","d":null}],"b":1}'],
  [{ left: undefined, at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['a"b', '"a\\"b"'],
  [true, 'true'],
])('writes %j canonically', (value, text) => {
  expect(canonicalText(value)).toBe(text);
});

test('ends on arguments that are nested without measure', () => {
  const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);

  expect(canonicalText(deep).length).toBeLessThan(100);
});
