import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Answer } from '../support/client.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { keyed } from '../support/keyed.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const RETRYABLE = ['OVERLOADED', 'TIMEOUT'];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** One call, under a key of its own where it is keyed. */
function call(isKeyed: boolean, mutation: string, input: object): Promise<Answer<unknown>> {
  if (isKeyed) return keyed(vault.owner, mutation, randomUUID(), input);
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  return vault.owner.execute(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { customer { version } userErrors { code } } }`,
    { input },
  );
}

const many = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));

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
    many(200, (index) =>
      call(isKeyed, 'updateCustomer', { id, metadata: { [`key-${index % 40}`]: `${index}` } }),
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
    many(200, (index) => call(isKeyed, 'setDefaultPaymentMethod', { id: methods[index % 4] })),
  );

  expect(succeeded(answers)).toBeGreaterThan(0);
  expect(vault.database.activity.statements - before).toBeLessThanOrEqual(200 * 8);
});

test.each([
  ['plain', false],
  ['keyed', true],
])(
  'has 25 %s updates of a customer that is locked wait without connections, and answers others',
  async (_, isKeyed) => {
    const { id } = await aCustomer(vault.owner);
    const other = await aCustomer(vault.owner);
    const holder = new pg.Client({ connectionString: vault.databaseUrl });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from customers where id = $1 for update', [id]);
      let ended = 0;
      // Fewer than the server executes at once for one merchant.
      const updates = many(25, () =>
        call(isKeyed, 'updateCustomer', { id, name: 'Grace' }).finally(() => {
          ended += 1;
        }),
      );

      const [ours, theirs] = await Promise.all([
        call(false, 'updateCustomer', { id: other.id, name: 'Grace' }),
        aCustomer(vault.stranger),
      ]);

      const { open, idle } = vault.database.pool;
      expect([ours.expectData(), theirs.version]).toEqual([
        { updateCustomer: { customer: { version: 2 }, userErrors: [] } },
        1,
      ]);
      expect([open - idle, ended]).toEqual([1, 0]);
      await holder.query('commit');
      expect(succeeded(await Promise.all(updates))).toBeGreaterThan(0);
    } finally {
      await holder.end();
    }
  },
);
