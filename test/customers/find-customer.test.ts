import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { theCustomer, UNKNOWN_ID, UNKNOWN_TOKEN, wholeCustomer, withoutRequestId } from './factories.js';

const byId = `query ($key: ID!) { customer(id: $key) { ${wholeCustomer} } }`;
const byToken = `query ($key: ID!) { customerByToken(token: $key) { ${wholeCustomer} } }`;
const byReference = `query ($key: String!) { customerByReference(reference: $key) { ${wholeCustomer} } }`;

const vault = await startVault();

afterAll(() => vault.close());

test('finds a customer by its id, its token and its reference', async () => {
  const reference = 'found-É';
  const { id, token } = await aCustomer(vault.owner, { reference });
  const customer = await theCustomer(vault.owner, id);

  const answers = [
    await vault.owner.execute(byId, { key: id }),
    await vault.owner.execute(byId, { key: id.toUpperCase() }),
    await vault.owner.execute(byToken, { key: token }),
    await vault.owner.execute(byToken, { key: token.toUpperCase() }),
    await vault.owner.execute(byReference, { key: reference }),
    await vault.owner.execute(byReference, { key: ' found-E\u0301 ' }),
  ];

  const found = answers.map((answer) => Object.values(answer.expectData())[0]);
  expect(found).toEqual(Array(6).fill(customer));
});

test.each([
  [
    'id',
    byId,
    UNKNOWN_ID,
    ['', ' ', 'x', 'f'.repeat(23), 'f'.repeat(25), 'g'.repeat(24), '\u0000', '１'.repeat(24)],
  ],
  [
    'token',
    byToken,
    UNKNOWN_TOKEN,
    ['', 'x', 'f'.repeat(32), `{${UNKNOWN_TOKEN}}`, UNKNOWN_TOKEN.replace(/.$/, 'g'), '\u0000'.repeat(36)],
  ],
  ['reference', byReference, 'never used', ['', '  ', 'r'.repeat(5_000), `\u0000${'r'.repeat(20_000)}`, '%']],
])('answers a malformed %s as one that was never given out', async (_, query, unknown, malformed) => {
  const never = await vault.owner.execute(query, { key: unknown });

  expect(Object.values(never.expectData())).toEqual([null]);
  for (const key of malformed) {
    expect(withoutRequestId(await vault.owner.execute(query, { key }))).toBe(withoutRequestId(never));
  }
});

test.each([
  ['id', byId, UNKNOWN_ID],
  ['token', byToken, UNKNOWN_TOKEN],
  ['reference', byReference, 'never used'],
] as const)(
  "answers the %s of a stranger's customer as one that was never given out",
  async (kind, query, unknown) => {
    const reference = `owned-by-${kind}`;
    const { id, token } = await aCustomer(vault.owner, { reference });
    const key = { id, token, reference }[kind];
    const before = await theCustomer(vault.owner, id);

    const answer = await vault.stranger.execute(query, { key });

    expect(withoutRequestId(answer)).toBe(
      withoutRequestId(await vault.stranger.execute(query, { key: unknown })),
    );
    expect(await theCustomer(vault.owner, id)).toEqual(before);
  },
);

test("finds each merchant's own customer by a reference that both use", async () => {
  const owners = await aCustomer(vault.owner, { reference: 'both' });
  const strangers = await aCustomer(vault.stranger, { reference: 'both' });

  const answers = [
    await vault.owner.execute(byReference, { key: 'both' }),
    await vault.stranger.execute(byReference, { key: 'both' }),
  ];

  expect(answers.map((answer) => answer.expectData().customerByReference.id)).toEqual([
    owners.id,
    strangers.id,
  ]);
});

test('takes the token of a payment method for no customer, and the id of an address neither', async () => {
  const { id, addresses } = await aCustomer(vault.owner, { addresses: [{ label: 'Home' }] });
  const method = await aPaymentMethod(vault.owner, id);

  const answers = [
    await vault.owner.execute(byToken, { key: method.token }),
    await vault.owner.execute(byId, { key: method.id }),
    await vault.owner.execute(byId, { key: addresses[0]?.id }),
  ];

  expect(answers.map((answer) => answer.expectData())).toEqual([
    { customerByToken: null },
    { customer: null },
    { customer: null },
  ]);
});

test('lets a field that fails leave the other root fields standing', async () => {
  const { id } = await aCustomer(vault.owner, { name: 'Standing' });

  const answer = await vault.owner.execute(
    `query ($id: ID!) {
      before: customer(id: $id) { name }
      broken: customers(first: 0) { nodes { id } }
      after: customer(id: $id) { version }
    }`,
    { id },
  );

  expect(answer.status).toBe(200);
  expect(answer.body.data).toEqual({ before: { name: 'Standing' }, broken: null, after: { version: 1 } });
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['broken'] }]);
});

test('lets a list below a customer fail alone', async () => {
  const { id } = await aCustomer(vault.owner, { name: 'Standing' });

  const answer = await vault.owner.execute(
    'query ($id: ID!) { customer(id: $id) { name paymentMethods(first: 101) { totalCount } version } }',
    { id },
  );

  expect(answer.body.data).toEqual({ customer: { name: 'Standing', paymentMethods: null, version: 1 } });
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT', path: ['customer', 'paymentMethods'] }]);
});
