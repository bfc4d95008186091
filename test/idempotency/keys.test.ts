import { Client } from '../support/client.js';
import { aCard, aCustomer } from '../support/factories.js';
import { postJson } from '../support/http.js';
import { isReplay, keyed } from '../support/keyed.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

const create =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';
const count = '{ customers { totalCount } }';

/** A caller that sends the header `Idempotency-Key` with every request. */
async function callerWith(key: string): Promise<Client> {
  const { headers } = await aKey(vault);
  return new Client(vault.url, { ...headers, 'idempotency-key': key });
}

async function customersOf(client: Client): Promise<number> {
  return (await client.execute(count)).expectData().customers.totalCount;
}

test.each([
  'mutation { createCustomer(input: { name: "Ada" }) { customer { id @idempotent(key: "1") } } }',
  'mutation { createCustomer(input: { name: "Ada" }) { ...P } } fragment P on CreateCustomerPayload { customer @idempotent(key: "1") { id } }',
  '{ customers @idempotent(key: "1") { totalCount } }',
  'query A { customers @idempotent(key: "1") { totalCount } }',
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "") { customer { id } } }',
  `mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "${'k'.repeat(256)}") { customer { id } } }`,
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: " \\u00a0 ") { customer { id } } }',
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "a\\u202eb") { customer { id } } }',
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "a\\u0000b") { customer { id } } }',
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "order 4242 4242 4242 4242") { customer { id } } }',
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "1") { customer { id } } createCustomer(input: { name: "Ada" }) @idempotent(key: "2") { customer { id } } }',
  'mutation { createSandboxPaymentToken(input: { ach: { bankAccountType: CHECKING, lastFour: "0000" } }) @idempotent(key: "1") { token } }',
])('refuses %s and carries nothing out', async (document) => {
  const answer = await vault.owner.execute(document);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
  expect(await customersOf(vault.owner)).toBe(0);
});

test.each(['k', 'k'.repeat(255), '😀'.repeat(255), '8e03978e-40d5-43dd-bc93-6894a57f9324'])(
  'takes the key %j',
  async (key) => {
    const input = { name: 'Ada' };

    const answers = [
      await keyed(vault.stranger, 'createCustomer', key, input),
      await keyed(vault.stranger, 'createCustomer', key, input),
    ];

    expect(answers.map(isReplay)).toEqual([false, true]);
  },
);

test('takes two ways to write the same key for one', async () => {
  const { headers } = await aKey(vault);
  const client = new Client(vault.url, headers);

  const answers = [];
  for (const key of ['Jos\u00e9', ' Jose\u0301\t']) {
    answers.push(await keyed(client, 'createCustomer', key, { name: 'Ada' }));
  }

  expect(answers.map(isReplay)).toEqual([false, true]);
});

test('takes a key by a fragment, by a variable with a default, and in a document that comes often', async () => {
  const { headers } = await aKey(vault);
  const client = new Client(vault.url, headers);
  const document = `mutation ($k: String = "from the default") { ...M }
    fragment M on Mutation { made: createCustomer(input: { name: "Ada" }) @idempotent(key: $k) { customer { id } } }`;

  const answers = [];
  for (let times = 0; times < 6; times += 1) answers.push(await client.execute(document));

  expect(new Set(answers.map((answer) => answer.expectData().made.customer.id)).size).toBe(1);
  expect(answers.map(isReplay)).toEqual([false, true, true, true, true, true]);
  expect(await customersOf(client)).toBe(1);
});

test('takes the key from the header Idempotency-Key, with and without quotes, as from the directive', async () => {
  const { headers } = await aKey(vault);
  const callers = ['abc', '"abc"'].map(
    (key) => new Client(vault.url, { ...headers, 'idempotency-key': key }),
  );

  const answers = [];
  for (const caller of callers) answers.push(await caller.execute(create, { input: { name: 'Ada' } }));
  const directive = await keyed(new Client(vault.url, headers), 'createCustomer', 'abc', { name: 'Ada' });

  const ids = answers.map((answer) => answer.expectData().createCustomer.customer.id);
  expect(ids[1]).toBe(ids[0]);
  expect(directive.expectData().createCustomer.customer.id).toBe(ids[0]);
  expect([...answers, directive].map(isReplay)).toEqual([false, true, true]);
});

test('carries out every call without a key', async () => {
  const { headers } = await aKey(vault);
  const client = new Client(vault.url, headers);

  const answers = [await aCustomer(client), await aCustomer(client)];

  expect(answers[0]?.id).not.toBe(answers[1]?.id);
});

test.each<[string, string | string[]]>([
  ['twice', ['abc', 'xyz']],
  ['twice with the same key', ['abc', 'abc']],
  ['three times', ['abc', 'xyz', '']],
  ['twice, joined on the way', '"abc", "xyz"'],
])('refuses the header when it is sent %s', async (_, keys) => {
  const { headers } = await aKey(vault);
  const body = JSON.stringify({ query: create, variables: { input: { name: 'Ada' } } });

  const answer = await postJson(vault.url, body, { ...headers, 'idempotency-key': keys });

  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text).errors).toEqual([
    {
      message: 'The header `Idempotency-Key` may be sent only once.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
  expect(await customersOf(new Client(vault.url, headers))).toBe(0);
});

test('takes a comma for a part of the key', async () => {
  const { headers } = await aKey(vault);
  const [one, other] = ['order 1, part 2', '"order 1, part 3"'].map(
    (key) => new Client(vault.url, { ...headers, 'idempotency-key': key }),
  );

  const ids = [];
  for (const client of [one, one, other]) ids.push((await aCustomer(client as Client)).id);

  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
});

test('does not mind the header on a query', async () => {
  const caller = await callerWith('abc');

  expect([await customersOf(caller), await customersOf(caller)]).toEqual([0, 0]);
});

test.each<[string, string, string]>([
  [
    'several mutation fields',
    'abc',
    'mutation { a: createCustomer(input: { name: "A" }) { customer { id } } b: createCustomer(input: { name: "B" }) { customer { id } } }',
  ],
  [
    'another key in the directive',
    'abc',
    'mutation { createCustomer(input: { name: "A" }) @idempotent(key: "xyz") { customer { id } } }',
  ],
  [
    'a mutation that takes none',
    'abc',
    'mutation { createSandboxPaymentToken(input: { ach: { bankAccountType: CHECKING, lastFour: "0000" } }) { token } }',
  ],
  [
    'bytes that are not ASCII',
    Buffer.from('é').toString('latin1'),
    'mutation { createCustomer(input: { name: "A" }) { customer { id } } }',
  ],
  [
    'a card number',
    '4242-4242-4242-4242',
    'mutation { createCustomer(input: { name: "A" }) { customer { id } } }',
  ],
  [
    'a card number with slashes',
    'order:4242/4242/4242/4242',
    'mutation { createCustomer(input: { name: "A" }) { customer { id } } }',
  ],
  ['no characters', '""', 'mutation { createCustomer(input: { name: "A" }) { customer { id } } }'],
  [
    'too many characters',
    'k'.repeat(256),
    'mutation { createCustomer(input: { name: "A" }) { customer { id } } }',
  ],
])('refuses the header with %s', async (_, key, document) => {
  const caller = await callerWith(key);

  const answer = await caller.execute(document);

  expect([answer.status, answer.expectErrors()]).toEqual([400, [{ code: 'BAD_USER_INPUT' }]]);
  expect(await customersOf(caller)).toBe(0);
});

test('keeps the keys of several fields of one request apart', async () => {
  const { headers } = await aKey(vault);
  const client = new Client(vault.url, headers);
  const document = `mutation {
    a: createCustomer(input: { name: "A" }) @idempotent(key: "a") { customer { name } }
    b: createCustomer(input: { name: "B" }) @idempotent(key: "b") { customer { name } }
    c: createCustomer(input: { name: "C" }) { customer { name } }
  }`;

  await client.execute(document);
  const again = await client.execute(document);

  expect(again.expectData()).toEqual({
    a: { customer: { name: 'A' } },
    b: { customer: { name: 'B' } },
    c: { customer: { name: 'C' } },
  });
  expect(await customersOf(client)).toBe(4);
});

test('goes on taking sandbox tokens without a key', async () => {
  const answer = await vault.owner.execute(
    'mutation ($input: CreateSandboxPaymentTokenInput!) { createSandboxPaymentToken(input: $input) { token } }',
    { input: aCard() },
  );

  expect(answer.expectData().createSandboxPaymentToken.token).toMatch(/^[0-9a-f-]{36}$/);
});
