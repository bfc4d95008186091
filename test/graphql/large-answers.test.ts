import fc from 'fast-check';
import { getIntrospectionQuery } from 'graphql';
import { DEFAULT_LIMITS } from '../../src/config/limits.js';
import { Yielding, yielding } from '../../src/shared/event-loop-yielding.js';
import { type Answer, Client } from '../support/client.js';
import { aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { aSession } from '../support/keys.js';
import { anOperation } from '../support/random-documents.js';
import { loggedRequest } from '../support/statements.js';
import { startVault, type TestVault } from '../support/vault.js';
import { ADDRESS, CUSTOMER, PAYMENT_METHOD, wholeCustomer } from '../support/whole-customer.js';

const vault = await startVault();
const { owner, stranger } = vault;
const CUSTOMERS = 40;
const RUNS = 100;

/** As much metadata as a customer may have. */
const metadata = Object.fromEntries(
  Array.from({ length: 50 }, (_, at) => [`${at}`.padEnd(40, 'key'), 'v'.repeat(500)]),
);
const addresses = Array.from({ length: 50 }, (_, at) => ({
  label: `Home ${at}`,
  line1: '1 Road',
  city: 'A',
}));
let first = '';

beforeAll(async () => {
  first = (await aCustomer(owner, { metadata, addresses })).id;
  for (let at = 1; at < CUSTOMERS; at += 1) await aCustomer(owner, { addresses });
});

afterAll(() => vault.close());

const aliased = (count: number, field: string) =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(' ');

/** The code and the message of the only error of an answer that was refused as a whole. */
function refusal({ status, body }: Answer<unknown>): unknown {
  return [status, body.errors?.map(({ message, extensions }) => [extensions.code, message])];
}

async function statementsOf({ body }: Answer<unknown>): Promise<number> {
  return (await loggedRequest(vault.logged, body.extensions.requestId)).statements;
}

const COST = /^The operation could cost \d+; at most 5000 is allowed\. Ask for smaller pages/;

test('refuses a shopper who asks for 50 addresses on a way in circles, before anything is read', async () => {
  const { id } = await aCustomer(stranger);
  const permissions = ['READ', 'EDIT_ADDRESSES'];
  const { client: shopper } = await aSession(vault, stranger, { customerId: id, permissions });
  for (let at = 0; at < 50; at += 1) await anAddress(shopper, id, { label: `Home ${at}` });
  const circle = '{ me { addresses { customer { addresses { customer { addresses { id } } } } } } }';
  const answer = await shopper.execute(circle);
  expect(refusal(answer)).toEqual([400, [['QUERY_TOO_COMPLEX', expect.stringMatching(COST)]]]);
  expect(await statementsOf(answer)).toBe(0);
  const once = (await shopper.execute('{ me { addresses { customer { id } } } }')).expectData();

  expect(once.me.addresses).toEqual(addresses.map(() => ({ customer: { id } })));
});

test.each<[string, string]>([
  [
    '8 pages with everything',
    `{ ${aliased(8, 'customers(first: 100) { nodes { ...C } }')} } fragment C on Customer { ${CUSTOMER} }`,
  ],
  [
    '8 pages with everything but lists',
    `{ ${aliased(8, `customers(first: 100) { nodes { id name defaultAddress { ${ADDRESS} } defaultPaymentMethod { ${PAYMENT_METHOD} } } }`)} }`,
  ],
  [
    'metadata in 15 aliases of two customers below 50 addresses',
    `{ customers(first: 2) { nodes { addresses { customer { ${aliased(15, 'metadata')} } } } } }`,
  ],
  ['10 counts', `{ ${aliased(10, 'customers(first: 1) { totalCount }')} }`],
  ['10 searches', `{ ${aliased(10, 'customers(first: 1, filter: { search: "ada" }) { nodes { id } }')} }`],
  ['10 schemas', `{ ${aliased(10, '__schema { types { name } }')} }`],
])('refuses %s, before anything is read', async (_, query) => {
  const answer = await owner.execute(query);

  expect(refusal(answer)).toEqual([400, [['QUERY_TOO_COMPLEX', expect.stringMatching(COST)]]]);
  expect(await statementsOf(answer)).toBe(0);
});

const tooLarge = (of: string) => `The answer would have more than ${of}. Ask for fewer objects or fields.`;

test('refuses metadata that are shown 200 or 750 times once their text is too long, and answers what is smaller', async () => {
  const shown = (aliases: number) => `query ($id: ID!) {
    customer(id: $id) { addresses { customer { ${aliased(aliases, 'metadata')} } } }
  }`;
  const errors = [{ message: tooLarge('4194304 bytes'), extensions: { code: 'QUERY_TOO_COMPLEX' } }];
  for (const aliases of [4, 15]) {
    const { status, body } = await owner.execute(shown(aliases), { id: first });
    expect({ status, ...body }).toMatchObject({ status: 400, data: null, errors });
    const { customer } = (await owner.execute(shown(3), { id: first })).expectData();
    expect(customer.addresses).toEqual(
      addresses.map(() => ({ customer: { a0: metadata, a1: metadata, a2: metadata } })),
    );
  }
  expect(vault.logged()).not.toContain('unforeseen');
});

test('refuses an answer of thousands of errors, and tells a few', async () => {
  const reader = await aReader();
  const few = await reader.execute('{ customers(first: 20) { nodes { id a: token b: token } } }');
  const many = await reader.execute(
    `{ customers(first: ${CUSTOMERS}) { nodes { addresses { customer { ${aliased(2, 'token')} } } } } }`,
  );

  expect([few.status, few.expectErrors().length]).toEqual([200, 40]);
  expect(refusal(many)).toEqual([400, [['QUERY_TOO_COMPLEX', tooLarge('1000 errors')]]]);
});

/** The owner with a key that reads no tokens. */
async function aReader(): Promise<Client> {
  const { createApiKey } = (
    await owner.execute(
      'mutation { createApiKey(input: { label: "Reader", scopes: [CUSTOMERS_READ] }) { secret } }',
    )
  ).expectData();
  return new Client(vault.url, { authorization: `Bearer ${createApiKey.secret}` });
}

describe('with room for 1,024 bytes', () => {
  const key = '0a1b2c3d-0000-4000-8000-1234567890ab';
  const read = 'query ($id: ID!) { customer(id: $id) { a: name b: name c: name } }';
  let small: TestVault;

  beforeAll(async () => {
    small = await startVault({ settings: { limits: { ...DEFAULT_LIMITS, answerBytes: 1_024 } } });
  });

  afterAll(() => small.close());

  test('answers what fits to the byte, and nothing longer', async () => {
    const nameOf = async (letters: number) => {
      const { id } = await aCustomer(small.owner, { name: 'é'.repeat(letters) });
      return small.owner.execute(read, { id });
    };
    const bytesOf = ({ body }: Answer<unknown>) => Buffer.byteLength(`${JSON.stringify(body)}\n`);
    const least = await nameOf(1);
    const most = 1 + Math.floor((1_024 - bytesOf(least)) / 6);
    const [fits, doesNot] = [await nameOf(most), await nameOf(most + 1)];

    expect(fits.expectData().customer.a).toBe('é'.repeat(most));
    expect(bytesOf(fits)).toBeGreaterThan(1_024 - 6);
    expect(refusal(doesNot)).toEqual([400, [['QUERY_TOO_COMPLEX', tooLarge('1024 bytes')]]]);
  });

  test('says that a mutation was carried out, and answers its replay', async () => {
    const { id } = await aCustomer(small.owner);
    const change = (selection: string) => `mutation ($id: ID!) {
      __typename
      long: updateCustomer(input: { id: $id, metadata: { a: "${'a'.repeat(500)}", b: "${'b'.repeat(500)}" } })
        @idempotent(key: "${key}") { customer { ${selection} } userErrors { code } }
      none: updateCustomer(input: { id: $id, name: "" }) { customer { id } userErrors { code } }
    }`;
    const answers = [];
    for (let use = 0; use < 5; use += 1)
      answers.push(await small.owner.executeOnce(change('id metadata'), { id }));
    const short = (await small.owner.execute(change('version'), { id })).expectData();
    const message =
      'The mutation was carried out. The answer would have more than 1024 bytes. Read with a query, or a second call with the same idempotency key, fewer objects or fields.';

    const none = { customer: null, userErrors: [{ code: 'REQUIRED' }] };
    for (const { status, body } of answers) {
      expect([status, body.data]).toEqual([200, { __typename: 'Mutation', long: null, none }]);
      expect(body.errors).toEqual([{ message, path: ['long'], extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    }
    expect(short.long).toEqual({ customer: { version: 2 }, userErrors: [] });
  });
});

/** As if the event loop had to be given back at once, or never. */
async function inTurns<Value>(isDue: boolean, work: () => Promise<Value>): Promise<[Value, number]> {
  let left = 0;
  Object.defineProperties(yielding, {
    isDue: { get: () => isDue, configurable: true },
    later: {
      value: (share: string, value: unknown) => {
        left += 1;
        return Yielding.prototype.later.call(yielding, share, value);
      },
      configurable: true,
    },
  });
  try {
    return [await work(), left];
  } finally {
    Reflect.deleteProperty(yielding, 'isDue');
    Reflect.deleteProperty(yielding, 'later');
  }
}

const PAGE = `{ customers(first: ${CUSTOMERS}) { nodes { id name a: addresses { ${ADDRESS} } b: addresses { ${ADDRESS} } } } }`;

test('gives the event loop back for every row, object and piece of text, and answers the same', async () => {
  const page = async () => (await owner.executeOnce(PAGE)).expectData();
  const [plain, none] = await inTurns(false, page);
  const [paced, some] = await inTurns(true, page);

  expect(none).toBe(0);
  // A row, an object in the list and a piece of text for each customer, and its addresses. The request itself waits
  // when it arrives and when it is executed.
  expect(some).toBe(CUSTOMERS * (3 + 2 * 50) + 2);
  expect(JSON.stringify(paced)).toBe(JSON.stringify(plain));
});

/** What must not depend on turns; errors stand in the order in which they come up. */
function toCompare({ status, body }: Answer<unknown>): string {
  const { data, errors = [], extensions } = body;
  const { requestId: _, ...others } = extensions;
  return JSON.stringify([status, data, errors.map((error) => JSON.stringify(error)).sort(), others]);
}

test('answers random queries the same, whether the turns are over at once or never', async () => {
  const [customer, reader] = [await wholeCustomer(owner, first), await aReader()];
  const method = await aPaymentMethod(owner, first);
  const ids = [first, method.id, customer.addresses[0].id];
  const operations = anOperation({ ids, tokens: [customer.token, method.token] });
  let withData = 0;
  const property = fc.asyncProperty(operations, fc.boolean(), async (operation, isOwner) => {
    const { query, variables, operationName } = operation;
    fc.pre(!query.includes('mutation'));
    const send = () => (isOwner ? owner : reader).executeOnce(query, variables, operationName);
    const [plain] = await inTurns(false, send);
    const [paced] = await inTurns(true, send);
    if (plain.body.data) withData += 1;
    expect(toCompare(paced)).toBe(toCompare(plain));
  });
  await fc.assert(property, { numRuns: RUNS });

  expect(withData).toBeGreaterThan(RUNS / 4);
});

test('tells the whole schema the same, at once or in more turns than it has types', async () => {
  const schema = getIntrospectionQuery({ inputValueDeprecation: true });

  const [plain, none] = await inTurns(false, () => owner.executeOnce(schema));
  const [paced, times] = await inTurns(true, () => owner.executeOnce(schema));

  const { types } = plain.expectData().__schema;
  expect(paced.expectData()).toEqual(plain.expectData());
  expect(none).toBe(0);
  expect(times).toBeGreaterThan(types.length);
});

test.each<[string, string]>([
  ['addresses', PAGE],
  [
    'the way back',
    `{ customers(first: 12) { nodes { addresses { ${ADDRESS} customer { id name email version createdAt } } } } }`,
  ],
  [
    'metadata',
    `{ ${aliased(5, `customers(first: ${CUSTOMERS}) { nodes { id ${aliased(2, 'metadata')} } }`)} }`,
  ],
])('answers /healthz in between while a page of 5,000 objects is made: %s', async (_, query) => {
  for (let use = 0; use < 5; use += 1) {
    let isDone = false;
    const answer = owner.executeOnce(query).finally(() => {
      isDone = true;
    });
    const waits: number[] = [];
    while (!isDone) {
      const start = performance.now();
      await (await fetch(`${vault.url}/healthz`)).text();
      waits.push(performance.now() - start);
    }

    expect((await answer).status).toBe(200);
    expect(waits.length).toBeGreaterThan(2);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  }
});
