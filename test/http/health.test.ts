import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, type DatabaseFailure } from '../../src/db/errors.js';
import { Client } from '../support/client.js';
import { aCustomer } from '../support/factories.js';
import { send } from '../support/http.js';
import { keyed } from '../support/keyed.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

// What the database answered is remembered for a moment.
afterEach(() => sleep(100));
afterAll(() => vault.close());

async function metrics(): Promise<string> {
  // The text is remembered for a second.
  await sleep(1_100);
  const { text } = await send(`${vault.url}/metrics`);
  return text;
}

/** The value of one line of the metrics; 0 while it is not there. */
function numberIn(text: string, line: string): number {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

test('is ready while the database answers', async () => {
  const answer = await send(`${vault.url}/readyz`);

  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { status: 'ready' }]);
});

test('asks the database a few times a second, however often it is asked itself', async () => {
  const ping = vault.database.ping.bind(vault.database);
  let pings = 0;
  vault.database.ping = () => {
    pings += 1;
    return ping();
  };
  try {
    const begin = Date.now();
    for (let asked = 0; asked < 200; asked += 1) await send(`${vault.url}/readyz`);

    expect(pings).toBeLessThanOrEqual((Date.now() - begin) / 50 + 1);
  } finally {
    vault.database.ping = ping;
  }
});

test.each<[DatabaseFailure, string]>([
  ['unavailable', 'DATABASE_UNAVAILABLE'],
  ['overloaded', 'OVERLOADED'],
  ['timeout', 'TIMEOUT'],
  ['storage-full', 'STORAGE_FULL'],
])('says why it is not ready when the database is at fault (%s)', async (failure, code) => {
  const ping = vault.database.ping.bind(vault.database);
  vault.database.ping = () => Promise.reject(new DatabaseError(failure, new Error('canary')));
  try {
    const answers = await Promise.all([send(`${vault.url}/readyz`), send(`${vault.url}/healthz`)]);

    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    expect(JSON.parse(answers[0]?.text ?? '')).toEqual({
      status: 'not ready',
      code,
      reason: expect.stringMatching(/^[A-Z].+\.$/),
    });
    expect(answers[0]?.headers['retry-after']).toBe('1');
  } finally {
    vault.database.ping = ping;
  }
});

test('says that it is not ready when the database does not answer for 2 seconds', async () => {
  const ping = vault.database.ping.bind(vault.database);
  vault.database.ping = () => new Promise(() => {});
  try {
    const begin = Date.now();
    const answers = await Promise.all([send(`${vault.url}/readyz`), send(`${vault.url}/readyz`)]);

    expect(answers.map(({ text }) => JSON.parse(text).code)).toEqual(['TIMEOUT', 'TIMEOUT']);
    expect(Date.now() - begin).toBeLessThan(4_000);
  } finally {
    vault.database.ping = ping;
  }
});

test('counts requests, errors by code, statements and replays, and names nobody', async () => {
  const key = await aKey(vault);
  const client = new Client(vault.url, key.headers);
  const before = await metrics();

  const { id } = await aCustomer(client, { name: 'Canary' });
  await client.executeOnce('{ customers(first: 0) { totalCount } }');
  await keyed(client, 'updateCustomer', 'k', { id, name: 'Grace' });
  await keyed(client, 'updateCustomer', 'k', { id, name: 'Grace' });
  await send(`${vault.url}/canary`);
  const after = await metrics();

  const grown = (line: string) => numberIn(after, line) - numberIn(before, line);
  expect(grown('vault_request_duration_seconds_count{route="/graphql",status="200"}')).toBe(4);
  expect(grown('vault_request_duration_seconds_count{route="none",status="404"}')).toBe(1);
  expect(grown('vault_errors_total{code="BAD_USER_INPUT"}')).toBe(1);
  expect(grown('vault_idempotent_replays_total')).toBe(1);
  expect(grown('vault_statements_total')).toBeGreaterThanOrEqual(8);
  expect(after).toMatch(/^vault_database_pool\{state="open"\} [1-9]/m);
  expect(after).toMatch(/^vault_requests_in_flight 1$/m);
  expect(after).toMatch(/^vault_conflict_retries_total 0$/m);
  expect(after).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(after).not.toMatch(/canary/i);
  expect(after).not.toContain(key.merchantId);
  expect(after).not.toContain(key.id);
});

test('collects the numbers once a second, however often they are asked for', async () => {
  await metrics();

  const answers = await Promise.all(Array.from({ length: 200 }, () => send(`${vault.url}/metrics`)));
  const later = await metrics();

  // The processor time that Node tells differs from one collection to the next.
  expect(new Set(answers.map(({ text }) => text)).size).toBeLessThanOrEqual(2);
  expect(answers.map(({ text }) => text)).not.toContain(later);
});
