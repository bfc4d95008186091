import { randomUUID } from 'node:crypto';
import { DatabaseError, type DatabaseFailure } from '../../src/db/errors.js';
import { ProviderUnavailable } from '../../src/providers/provider.js';
import { sandboxProvider } from '../../src/providers/sandbox/sandbox-provider.js';
import { type Answer, Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const canary = 'CANARY4f1e';
const create =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

/** Asserts that neither the answer nor the log repeats the canary or tells of the inside. */
function expectSilence(answer: Answer<unknown>, code: string): void {
  expect(answer.expectErrors()).toEqual([expect.objectContaining({ code })]);
  expect(JSON.stringify(answer.body)).not.toMatch(/canary|node_modules|stacktrace|\.[jt]s\b/i);
  expect(vault.logged()).not.toMatch(/canary/i);
}

test.each<[string, string, object]>([
  ['a text for an object', create, { input: canary }],
  ['a list for an object', create, { input: [canary] }],
  ['an object for a text', create, { input: { name: { [canary]: canary } } }],
  ['a list for a text', create, { input: { name: [canary] } }],
  ['a field that the input lacks', create, { input: { name: 'Ada', nickname: canary } }],
  ['a field that is no name', create, { input: { name: 'Ada', [`${canary}@example.com`]: 1 } }],
  ['a field that is too long for a name', create, { input: { name: 'Ada', [canary.repeat(11)]: 1 } }],
  [
    'a field that an input in the input lacks',
    create,
    { input: { name: 'Ada', addresses: [{ label: 'Home', town: canary }] } },
  ],
  ['a text for a list', create, { input: { name: 'Ada', addresses: canary } }],
  ['no required field', create, { input: { email: canary } }],
  ['null for a required field', create, { input: { name: null, email: canary } }],
  [
    'a text for a number',
    'query ($first: Int) { customers(first: $first) { totalCount } }',
    { first: canary },
  ],
  [
    'a number that is too large',
    'query ($first: Int) { customers(first: $first) { totalCount } }',
    { first: 1e12 },
  ],
  [
    'a text for a Boolean',
    'mutation ($b: Boolean) { addAddress(input: { customerId: "1", address: { label: "a", isDefault: $b } }) { address { id } } }',
    { b: canary },
  ],
  ['an object for an id', 'query ($id: ID!) { node(id: $id) { id } }', { id: { [canary]: 1 } }],
  [
    'an enum value that does not exist',
    'query ($o: CustomerOrder) { customers(orderBy: $o) { totalCount } }',
    { o: { field: canary, direction: 'ASC' } },
  ],
  [
    'an object for an enum value',
    'query ($o: CustomerOrder) { customers(orderBy: $o) { totalCount } }',
    { o: { field: { a: canary }, direction: 'ASC' } },
  ],
  [
    'a malformed instant',
    'query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }',
    { f: { createdAt: { from: canary } } },
  ],
  [
    'a number for an instant',
    'query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }',
    { f: { createdAt: { from: 1 } } },
  ],
])('repeats nothing of a variable with %s', async (_, query, variables) => {
  const answer = await vault.owner.execute(query, variables);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expectSilence(answer, 'BAD_USER_INPUT');
});

test.each<[string, string]>([
  ['a text for a number', `{ customers(first: "${canary}") { totalCount } }`],
  ['a name for a number', `{ customers(first: ${canary}) { totalCount } }`],
  ['a number for a text', `{ customerByReference(reference: 5) { id } }`],
  ['a list for an id', `{ node(id: ["${canary}"]) { id } }`],
  ['a text for an input', `{ customers(filter: "${canary}") { totalCount } }`],
  ['a field that an input lacks', `{ customers(filter: { nickname: "${canary}" }) { totalCount } }`],
  [
    'an enum value that does not exist',
    `{ customers(orderBy: { field: ${canary}, direction: ASC }) { totalCount } }`,
  ],
  [
    'a text for an enum value',
    `{ customers(orderBy: { field: "${canary}", direction: ASC }) { totalCount } }`,
  ],
  ['a malformed instant', `{ customers(filter: { createdAt: { from: "${canary}" } }) { totalCount } }`],
  ['an instant that is none', `{ customers(filter: { createdAt: { from: 1 } }) { totalCount } }`],
  ['a text for a Boolean', `{ customers(filter: { hasDefaultPaymentMethod: "${canary}" }) { totalCount } }`],
  ['a field twice', `{ customers(filter: { email: "${canary}", email: "${canary}" }) { totalCount } }`],
])('repeats nothing of a literal with %s', async (_, query) => {
  const answer = await vault.owner.execute(query);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expectSilence(answer, 'GRAPHQL_VALIDATION_FAILED');
});

test.each([
  `{ customers(filter: { email: "${canary}`,
  `{ node(id: "\\u${canary}") { id } }`,
  `{ node(id: "\\${canary}") { id } }`,
  `{ node(id: "1") { id } } ${canary}`,
  `{ node(id: 01${canary}) { id } }`,
  `{ node(id: """${canary}`,
  `%${canary}`,
  `query "${canary}" { __typename }`,
])('repeats nothing of the syntax error in %s', async (query) => {
  const answer = await vault.owner.execute(query);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expectSilence(answer, 'GRAPHQL_PARSE_FAILED');
});

test('repeats nothing of a malformed cursor', async () => {
  const answer = await vault.owner.execute('query ($v: String) { customers(after: $v) { totalCount } }', {
    v: canary,
  });

  expect([answer.status, answer.body.data]).toEqual([200, { customers: null }]);
  expectSilence(answer, 'BAD_USER_INPUT');
});

test('passes over variables that the operation does not declare, in the answer and in the log', async () => {
  const answer = await vault.owner.execute('{ customers { totalCount } }', { [canary]: canary });

  expect(answer.expectData()).toEqual({ customers: { totalCount: expect.any(Number) } });
  expect(JSON.stringify(answer.body) + vault.logged()).not.toMatch(/canary/i);
});

test.each(Object.getOwnPropertyNames(Object.prototype))(
  'refuses the alias %s, which every object has by nature',
  async (alias) => {
    const documents = [
      `{ ${alias}: customers { totalCount } }`,
      `{ customers { nodes { addresses { ${alias}: city } } } }`,
    ];
    for (const document of documents) {
      const answer = await vault.owner.execute(document);

      expect([answer.status, answer.body.data]).toEqual([400, undefined]);
      expect(answer.expectErrors()).toEqual([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
    }
  },
);

test.each(['__proto__', 'constructor', 'toString'])(
  'takes %s for the name of an operation, a fragment and a variable, however often',
  async (name) => {
    const query = `query ${name}($${name}: Int) { ...${name} } fragment ${name} on Query { customers(first: $${name}) { totalCount } }`;
    for (let use = 0; use < 5; use += 1) {
      const answer = await vault.stranger.execute(query, JSON.parse(`{"${name}":1}`));

      expect(answer.expectData()).toEqual({ customers: { totalCount: 0 } });
    }
  },
);

test('repeats nothing of names that are longer than anybody writes them', async () => {
  const name = canary.repeat(200);

  const answer = await vault.owner.execute(`{ ${name} customers { ${name} } }`);

  expect(answer.status).toBe(400);
  expect(answer.expectErrors()).toEqual(Array(2).fill({ code: 'GRAPHQL_VALIDATION_FAILED' }));
  expect(JSON.stringify(answer.body) + vault.logged()).not.toMatch(/canary/i);
});

test('gives errors no more extensions than a code', async () => {
  const answer = await vault.owner.execute('{ customers(first: 0) { totalCount } }');

  expect(answer.body.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT' }]);
});

test('says of an unforeseen error only that it happened, and logs the cause under the request id', async () => {
  const provider = { ...sandboxProvider, findToken: () => Promise.reject(new Error(`${canary} broke`)) };
  const broken = await startVault({ provider });
  try {
    const answer = await linkSomething(broken);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      data: { linkPaymentMethod: null },
      errors: [
        {
          message: 'Something went wrong on our side.',
          locations: [expect.anything()],
          path: ['linkPaymentMethod'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ],
      extensions: { requestId: answer.headers.get('x-request-id'), cost: { requested: 1, limit: 5_000 } },
    });
    expect(causesOf(broken)).toEqual([
      {
        requestId: answer.body.extensions.requestId,
        place: expect.stringMatching(/\bfindToken\b.+:\d+:\d+\)$/),
      },
    ]);
    expect(broken.logged()).not.toMatch(/canary/i);
  } finally {
    await broken.close();
  }
});

test('logs the cause of an unforeseen error in an operation that came often, too', async () => {
  const provider = { ...sandboxProvider, findToken: () => Promise.reject(new Error(`${canary} broke`)) };
  const broken = await startVault({ provider });
  try {
    const answers = [];
    for (let times = 0; times < 5; times += 1) answers.push(await linkSomething(broken));

    expect(causesOf(broken).map(({ requestId }) => requestId)).toEqual(
      answers.map(({ body }) => body.extensions.requestId),
    );
    expect(new Set(answers.map(({ body }) => JSON.stringify([body.data, body.errors]))).size).toBe(1);
  } finally {
    await broken.close();
  }
});

test('answers 503 when the tokenization provider is not available, and logs no error', async () => {
  const provider = { ...sandboxProvider, findToken: () => Promise.reject(new ProviderUnavailable(canary)) };
  const broken = await startVault({ provider });
  try {
    const answer = await linkSomething(broken);

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.expectErrors()).toEqual([{ code: 'PROVIDER_UNAVAILABLE', path: ['linkPaymentMethod'] }]);
    expect(causesOf(broken)).toEqual([]);
  } finally {
    await broken.close();
  }
});

test.each<[DatabaseFailure, string]>([
  ['unavailable', 'DATABASE_UNAVAILABLE'],
  ['overloaded', 'OVERLOADED'],
  ['timeout', 'TIMEOUT'],
  ['conflict', 'TIMEOUT'],
  ['storage-full', 'STORAGE_FULL'],
])('answers 503 when the database is at fault (%s)', async (failure, code) => {
  const failing = await startVault();
  try {
    // The key is remembered; what fails is the operation.
    await failing.owner.execute('{ __typename }');
    failing.database.read = () => Promise.reject(new DatabaseError(failure, new Error(canary)));

    const answer = await failing.owner.execute('{ customers { totalCount } node(id: "0") { id } }');

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.body.data).toEqual({ customers: null, node: null });
    expect(answer.expectErrors()).toEqual([{ code, path: ['customers'] }]);
    expect(JSON.stringify(answer.body) + failing.logged()).not.toMatch(/canary/i);
  } finally {
    await failing.close();
  }
});

test('answers 200 when one field fails for want of the database and another has a value', async () => {
  const failing = await startVault();
  try {
    await failing.owner.execute('{ __typename }');
    failing.database.read = () => Promise.reject(new DatabaseError('unavailable', new Error(canary)));

    const answer = await failing.owner.execute('{ customers { totalCount } __typename }');

    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ customers: null, __typename: 'Query' });
    expect(answer.expectErrors()).toEqual([{ code: 'DATABASE_UNAVAILABLE', path: ['customers'] }]);
  } finally {
    await failing.close();
  }
});

test('answers 503 when the key cannot be looked up', async () => {
  const failing = await startVault();
  try {
    const { headers } = await aKey(failing);
    failing.database.models = () => Promise.reject(new DatabaseError('unavailable', new Error(canary)));

    const answer = await new Client(failing.url, headers).execute('{ __typename }');

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.expectErrors()).toEqual([{ code: 'DATABASE_UNAVAILABLE' }]);
  } finally {
    await failing.close();
  }
});

test.each(['name', 'email', 'phone', 'reference', 'metadata'])(
  'gives a customer whose stored value cannot be opened without its %s and with all else',
  async (field) => {
    const { id, version } = await aCustomer(vault.owner);
    await damage(vault, 'customers', id);

    const answer = await vault.owner.execute(
      `query ($id: ID!) { customer(id: $id) { id version ${field} } }`,
      {
        id,
      },
    );

    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ customer: { id, version, [field]: null } });
    expect(answer.expectErrors()).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: ['customer', field] }]);
    expect(causesOf(vault).map(({ requestId }) => requestId)).toContain(answer.body.extensions.requestId);
  },
);

test('gives a payment method whose stored value cannot be opened without its label and with all else', async () => {
  const customer = await aCustomer(vault.owner);
  const { id } = await aPaymentMethod(vault.owner, customer.id);
  await damage(vault, 'payment_methods', id);

  const answer = await vault.owner.execute(
    'query ($id: ID!) { paymentMethod(id: $id) { id label card { lastFour } } }',
    { id },
  );

  expect(answer.body.data).toEqual({ paymentMethod: { id, label: null, card: { lastFour: '4242' } } });
  expect(answer.expectErrors()).toEqual([
    { code: 'INTERNAL_SERVER_ERROR', path: ['paymentMethod', 'label'] },
  ]);
});

async function linkSomething(on: TestVault): Promise<Answer<unknown>> {
  const customer = await aCustomer(on.owner);
  return on.owner.execute(
    'mutation ($input: LinkPaymentMethodInput!) { linkPaymentMethod(input: $input) { paymentMethod { id } } }',
    { input: { customerId: customer.id, token: randomUUID() } },
  );
}

/** What the log has of unforeseen errors. */
function causesOf({ logged }: TestVault): { requestId: string; place: string }[] {
  return logged()
    .split('\n')
    .filter((line) => line.includes('unforeseen error'))
    .map((line) => JSON.parse(line))
    .map(({ requestId, err }) => ({ requestId, place: (err.cause ?? err).at[0] }));
}

/** Changes the last byte of a row's sealed value. */
async function damage({ databaseUrl }: TestVault, table: string, id: string): Promise<void> {
  const { rowCount } = await queryAs(
    databaseUrl,
    `update ${table} set sealed = set_byte(sealed, length(sealed) - 1, 255 - get_byte(sealed, length(sealed) - 1))
     where id = $1`,
    [id],
  );
  expect(rowCount).toBe(1);
}
