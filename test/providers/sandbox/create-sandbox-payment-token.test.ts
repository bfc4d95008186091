import { changed } from '../../support/changes.js';
import { queryAs } from '../../support/database.js';
import { aCard, aCustomer, anAccount, aProviderToken } from '../../support/factories.js';
import { startVault, type TestVault } from '../../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

function create(input: object) {
  return vault.owner.execute(
    `mutation ($input: CreateSandboxPaymentTokenInput!) {
      createSandboxPaymentToken(input: $input) { token userErrors { code field message } }
    }`,
    { input },
  );
}

async function tokensInDatabase(): Promise<number> {
  const { rows } = await queryAs<{ count: string }>(
    vault.databaseUrl,
    'select count(*) from sandbox_tokens where merchant_id = $1',
    [vault.ownerId],
  );
  return Number(rows[0]?.count);
}

test.each([
  ['a card', aCard()],
  ['a bank account', anAccount()],
  ['a card, and null for the account', { ...aCard(), ach: null }],
])('makes a token of %s', async (_, input) => {
  const answer = await create(input);

  expect(answer.expectData().createSandboxPaymentToken).toEqual({
    token: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    userErrors: [],
  });
});

test('makes a new token of the same card every time', async () => {
  const tokens = await Promise.all(Array.from({ length: 5 }, () => aProviderToken(vault.owner)));

  expect(new Set(tokens).size).toBe(5);
});

test('takes the defaults of its input where a card does not say', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(paymentMethod.card).toMatchObject({
    tokenType: 'PLATFORM',
    checks: { cvcCheck: 'FULL_MATCH', addressCheck: 'NOT_VERIFIED' },
  });
});

test.each([
  ['both a card and a bank account', { ...aCard(), ...anAccount() }, 'INVALID', ['input', 'ach']],
  ['neither a card nor a bank account', {}, 'REQUIRED', ['input', 'card']],
  ['null for both', { card: null, ach: null }, 'REQUIRED', ['input', 'card']],
  ['three digits', aCard({ lastFour: '424' }), 'INVALID', ['input', 'card', 'lastFour']],
  ['five digits', aCard({ lastFour: '42424' }), 'INVALID', ['input', 'card', 'lastFour']],
  ['letters for digits', aCard({ lastFour: 'abcd' }), 'INVALID', ['input', 'card', 'lastFour']],
  ['digits of another script', aCard({ lastFour: '٤٢٤٢' }), 'INVALID', ['input', 'card', 'lastFour']],
  ['no digits', aCard({ lastFour: '' }), 'REQUIRED', ['input', 'card', 'lastFour']],
  ['three digits of an account', anAccount({ lastFour: '678' }), 'INVALID', ['input', 'ach', 'lastFour']],
  [
    'a whole card number',
    aCard({ lastFour: '4242424242424242' }),
    'CARD_NUMBER_REFUSED',
    ['input', 'card', 'lastFour'],
  ],
  ['month 0', aCard({ expiry: { month: 0, year: 2035 } }), 'INVALID', ['input', 'card', 'expiry', 'month']],
  ['month 13', aCard({ expiry: { month: 13, year: 2035 } }), 'INVALID', ['input', 'card', 'expiry', 'month']],
  ['month -1', aCard({ expiry: { month: -1, year: 2035 } }), 'INVALID', ['input', 'card', 'expiry', 'month']],
  ['year 35', aCard({ expiry: { month: 1, year: 35 } }), 'INVALID', ['input', 'card', 'expiry', 'year']],
  [
    'year 10000',
    aCard({ expiry: { month: 1, year: 10_000 } }),
    'INVALID',
    ['input', 'card', 'expiry', 'year'],
  ],
  [
    'a card number in the billing name',
    { ...aCard(), billingDetails: { name: 'John 4242 4242 4242 4242' } },
    'CARD_NUMBER_REFUSED',
    ['input', 'billingDetails', 'name'],
  ],
  [
    'an unknown billing country',
    { ...aCard(), billingDetails: { address: { country: 'Atlantis' } } },
    'INVALID',
    ['input', 'billingDetails', 'address', 'country'],
  ],
])('refuses %s and keeps nothing', async (_, input, code, field) => {
  const before = await tokensInDatabase();

  const answer = await create(input);

  expect(answer.expectData().createSandboxPaymentToken).toEqual({
    token: null,
    userErrors: [{ code, field, message: expect.any(String) }],
  });
  expect(JSON.stringify(answer.body)).not.toMatch(/4242|Atlantis/);
  expect(await tokensInDatabase()).toBe(before);
});

test('reports every problem at once', async () => {
  const answer = await create({
    card: { brand: 'VISA', lastFour: 'x', expiry: { month: 13, year: 1 } },
    billingDetails: { name: 'x'.repeat(201), email: 'x', phone: 'x' },
  });

  const problems = answer.expectUserErrors();
  expect(Object.fromEntries(problems.map(({ code, field }) => [field?.join('.'), code]))).toEqual({
    'input.card.lastFour': 'INVALID',
    'input.card.expiry.month': 'INVALID',
    'input.card.expiry.year': 'INVALID',
    'input.billingDetails.name': 'TOO_LONG',
    'input.billingDetails.email': 'INVALID',
    'input.billingDetails.phone': 'INVALID',
  });
  expect(problems).toHaveLength(6);
});

test.each([
  ['month 1', { month: 1, year: 1000 }],
  ['month 12', { month: 12, year: 9999 }],
])('links a card at the bounds, %s', async (_, expiry) => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner, aCard({ expiry }));

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(paymentMethod.card.expiry).toEqual(expiry);
});

test('changes no customer', async () => {
  const answer = await vault.owner.execute('{ customers { totalCount } }');
  const before = answer.expectData().customers.totalCount;

  await aProviderToken(vault.owner);

  const after = await vault.owner.execute('{ customers { totalCount } }');
  expect(after.expectData().customers.totalCount).toBe(before);
});

test('keeps neither the token nor the details in the clear', async () => {
  const token = await aProviderToken(vault.owner, {
    ...aCard({ brand: 'DINERS', lastFour: '7391' }),
    billingDetails: { name: 'Zanzibar', email: 'kilimanjaro@example.com' },
  });

  const { rows } = await queryAs<{ row: string }>(
    vault.databaseUrl,
    'select row_to_json(t)::text as row from sandbox_tokens t',
  );

  const stored = rows.map(({ row }) => row).join('\n');
  expect(rows.length).toBeGreaterThan(0);
  for (const secret of [token, token.replaceAll('-', ''), 'DINERS', '7391', 'Zanzibar', 'kilimanjaro']) {
    if (secret !== '7391') expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});
