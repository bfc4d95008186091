import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Answer, Client } from '../support/client.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const UPDATE = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { version } userErrors { code } }
}`;
const SET_DEFAULT = `mutation ($input: SetDefaultPaymentMethodInput!) {
  setDefaultPaymentMethod(input: $input) { customer { version } userErrors { code } }
}`;
const RETRYABLE = ['OVERLOADED', 'TIMEOUT'];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** So many calls at once, each under a key of its own where they are keyed. */
function callsOf(count: number, isKeyed: boolean, call: (client: Client, index: number) => Promise<Answer<unknown>>) {
  return Array.from({ length: count }, (_, index) => {
    const key = isKeyed ? { 'idempotency-key': randomUUID() } : {};
    return call(vault.owner.with(key), index);
  });
}

/** How many succeeded; whoever did not may try again. */
function succeeded(answers: readonly Answer<unknown>[]): number {
  const failed = answers.filter(({ body }) => body.errors !== undefined);
  for (const answer of failed) expect(RETRYABLE).toContain(answer.expectErrors()[0]?.code);
  return answers.length - failed.length;
}

test.each([
  ['plain', false],
  ['keyed', true],
])('carries out 200 %s updates of one customer at once, each with a few statements', async (_, isKeyed) => {
  const { id } = await aCustomer(vault.owner);
  const before = vault.database.activity.statements;

  const answers = await Promise.all(
    callsOf(200, isKeyed, (client, index) =>
      client.execute(UPDATE, { input: { id, metadata: { [`key-${index % 40}`]: `${index}` } } }),
    ),
  );

  const done = succeeded(answers);
  expect(done).toBeGreaterThan(0);
  expect((await wholeCustomer(vault.owner, id)).version).toBe(1 + done);
  // Locking the key, looking it up, reading, writing and recording; without turns there were thousands.
  expect(vault.database.activity.statements - before).toBeLessThanOrEqual(200 * 6);
});

test.each([
  ['plain', false],
  ['keyed', true],
])('lets 200 %s changes of what one customer has take turns, too', async (_, isKeyed) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const methods: string[] = [];
  for (let count = 0; count < 4; count += 1) methods.push((await aPaymentMethod(vault.owner, customerId)).id);
  const before = vault.database.activity.statements;

  const answers = await Promise.all(
    callsOf(200, isKeyed, (client, index) => client.execute(SET_DEFAULT, { input: { id: methods[index % 4] } })),
  );

  expect(succeeded(answers)).toBeGreaterThan(0);
  expect(vault.database.activity.statements - before).toBeLessThanOrEqual(200 * 8);
});

test.each([
  ['plain', false],
  ['keyed', true],
])('has 100 %s updates of a customer that is locked wait without connections, and answers others', async (_, isKeyed) => {
  const { id } = await aCustomer(vault.owner);
  const other = await aCustomer(vault.owner);
  const holder = new pg.Client({ connectionString: vault.databaseUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from customers where id = $1 for update', [id]);
  let ended = 0;
  const updates = callsOf(100, isKeyed, (client) =>
    client.execute(UPDATE, { input: { id, name: 'Grace' } }).finally(() => {
      ended += 1;
    }),
  );

  const [ours, theirs] = await Promise.all([
    vault.owner.execute(UPDATE, { input: { id: other.id, name: 'Grace' } }),
    aCustomer(vault.stranger),
  ]);

  const { open, idle } = vault.database.pool;
  expect([ours.expectData().updateCustomer.customer.version, theirs.version]).toEqual([2, 1]);
  expect([open - idle, ended]).toEqual([1, 0]);
  await holder.query('commit');
  await holder.end();
  expect(succeeded(await Promise.all(updates))).toBeGreaterThan(0);
});
