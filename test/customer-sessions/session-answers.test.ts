import { randomUUID } from 'node:crypto';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { isReplay } from '../support/keyed.js';
import { aCaller } from '../support/keys.js';
import { recordStatements } from '../support/statements.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();
const TOKEN = expect.stringMatching(/^cs_test_/);

afterAll(() => vault.close());

/** A key that may change customers and not read them, with a customer of its merchant. */
async function aWriter() {
  const writer = await aCaller(vault, ['CUSTOMERS_WRITE']);
  const answer = await writer.execute(
    'mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }',
  );
  return { writer, id: answer.expectData().createCustomer.customer.id as string };
}

/** What asks for a session with these fields; the document has variables and fragments of its own. */
const asking = (id: string, fields: string, more = '') =>
  `mutation ($yes: Boolean = true, $no: Boolean = false) {
    createCustomerSession(input: { customerId: "${id}", permissions: [EDIT_PROFILE] }) {
      session { ${fields} } userErrors { code field @include(if: $no) message @skip(if: $yes) }
    }
  } ${more}`;

async function sessionsOf(customerId: string): Promise<number> {
  const text = 'select count(*)::int as count from customer_sessions where customer_id = $1';
  const { rows } = await queryAs<{ count: number }>(vault.databaseUrl, text, [customerId]);
  return rows[0]?.count ?? -1;
}

test.each([
  ['plainly', 'token customer { id }', ''],
  ['by aliases', 'token customer { id: version a: id b: version }', ''],
  [
    'in a fragment',
    'token ...F',
    'fragment F on CustomerSession { customer { ...G } } fragment G on Node { id }',
  ],
  ['twice', 'token customer { id } customer { __typename version }', ''],
  ['beside what is left out', 'token customer { id name @include(if: $no) email @skip(if: $yes) }', ''],
  [
    'by an object of another name',
    'token who: customer { id } again: customer { id @include(if: $yes) }',
    '',
  ],
])('a key that may only write gets the token, and the handles asked for %s', async (_, fields, more) => {
  const { writer, id } = await aWriter();

  const { session, userErrors } = (await writer.execute(asking(id, fields, more))).expectData()
    .createCustomerSession;

  expect([session.token, userErrors]).toEqual([TOKEN, []]);
  expect(JSON.stringify(session)).toContain(fields.includes('id: version') ? '"id":1' : id);
});

test.each([
  ['plainly', 'token customer { id name }', ''],
  ['by an alias', 'token customer { id: name }', ''],
  ['as metadata alone', 'token customer { metadata }', ''],
  [
    'in a fragment',
    'token ...F',
    'fragment F on CustomerSession { c: customer { id ... on Customer { email } } }',
  ],
  ['in the second of two', 'token customer { id } customer { phone }', ''],
  ['in the other of two names', 'token a: customer { id } b: customer { addresses { id } }', ''],
  ['where a variable includes it', 'token customer { id name @include(if: $yes) }', ''],
  ['where a variable does not skip it', 'token customer { id ... @skip(if: $no) { name } }', ''],
])('and no session is made whose answer would show more, asked for %s', async (_, fields, more) => {
  const { writer, id } = await aWriter();

  const answer = await writer.execute(asking(id, fields, more));

  expect(answer.body.data).toEqual({ createCustomerSession: null });
  expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['createCustomerSession'] }]);
  expect(await sessionsOf(id)).toBe(0);
});

test('two sessions in one request do not lend each other what they may show', async () => {
  const { writer, id } = await aWriter();
  const session = (fields: string) =>
    `createCustomerSession(input: { customerId: "${id}", permissions: [EDIT_PROFILE] }) { session { ${fields} } }`;

  for (let times = 0; times < 5; times += 1) {
    const answer = await writer.execute(
      `mutation { a: ${session('b_c: customer { id name }')} c_a: ${session('token b: customer { id }')} }`,
    );

    expect(answer.body.data).toEqual({ a: null, c_a: { session: { token: TOKEN, b: { id } } } });
    expect(answer.expectErrors()).toEqual([{ code: 'FORBIDDEN', path: ['a'] }]);
  }
});

test('a token of the customer that the key may not read leaves the session’s token alone', async () => {
  const { writer, id } = await aWriter();

  const answer = await writer.execute(asking(id, 'token customer { id token }'));

  expect(answer.body.data).toEqual({
    createCustomerSession: { session: { token: TOKEN, customer: { id, token: null } }, userErrors: [] },
  });
  expect(answer.expectErrors()).toEqual([
    { code: 'FORBIDDEN', path: ['createCustomerSession', 'session', 'customer', 'token'] },
  ]);
});

test('a customer that is deleted right after the session was made takes no token along', async () => {
  const { id } = await aCustomer(vault.owner);
  const write = vault.database.write.bind(vault.database);
  vault.database.write = async (statement) => {
    const rows = await write<never>(statement);
    if (!statement.text.includes('access.insertCustomerSession')) return rows;
    vault.database.write = write;
    await queryAs(vault.databaseUrl, 'delete from customers where id = $1', [id]);
    return rows;
  };

  const answer = await vault.owner.execute(asking(id, 'token customer { id name addresses { id } }'));

  expect(answer.expectData().createCustomerSession).toEqual({
    session: { token: TOKEN, customer: { id, name: 'Ada Lovelace', addresses: [] } },
    userErrors: [],
  });
});

test('reads the customer before the session is made, and only where it is asked for', async () => {
  const { id } = await aCustomer(vault.owner);
  await vault.owner.execute('{ merchant { id } }');
  const { texts } = recordStatements(vault.database);

  await vault.owner.execute(asking(id, 'token'));
  const alone = texts.splice(0).map(nameOf);
  await vault.owner.execute(asking(id, 'token customer { id }'));

  const inserting = ['access.deleteDeadSessions', 'access.insertCustomerSession'];
  expect(alone).toEqual(inserting);
  expect(texts.map(nameOf)).toEqual(['customers.find', ...inserting]);
});

const nameOf = (text: string) => /\/\* (\S+) \*\//.exec(text)?.[1];

test('is replayed with its customer and without its token, and as gone once the customer is deleted', async () => {
  const { id } = await aCustomer(vault.owner);
  const key = randomUUID();
  const ask = () =>
    vault.owner.execute(
      `mutation { createCustomerSession(input: { customerId: "${id}" }) @idempotent(key: "${key}") {
        session { token customer { id name } } userErrors { code }
      } }`,
    );
  const first = (await ask()).expectData().createCustomerSession;
  const replay = await ask();
  await vault.owner.execute(`mutation { deleteCustomer(input: { id: "${id}" }) { deletedCustomerId } }`);

  const gone = (await ask()).expectData().createCustomerSession;

  const customer = { id, name: 'Ada Lovelace' };
  expect(first).toEqual({ session: { token: TOKEN, customer }, userErrors: [] });
  expect(replay.expectData().createCustomerSession).toEqual({
    session: { token: null, customer },
    userErrors: [],
  });
  expect(isReplay(replay)).toBe(true);
  expect(gone).toEqual({ session: null, userErrors: [{ code: 'NOT_FOUND' }] });
});
