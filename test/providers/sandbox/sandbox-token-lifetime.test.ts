import { change, changed } from '../../support/changes.js';
import { Clock } from '../../support/clock.js';
import { queryAs } from '../../support/database.js';
import { aCustomer, aProviderToken } from '../../support/factories.js';
import { startVault, type TestVault } from '../../support/vault.js';
import { wholeCustomer } from '../../support/whole-customer.js';

const clock = new Clock('2030-01-01T12:00:00.000Z');
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ now: clock.now });
});

beforeEach(() => clock.moveTo('2030-01-01T12:00:00.000Z'));

afterAll(() => vault.close());

test('accepts a token of exactly 24 hours, and tells when it was made and when it was linked', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  clock.moveTo('2030-01-02T12:00:00.000Z');

  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(paymentMethod).toMatchObject({
    createdAt: '2030-01-01T12:00:00.000Z',
    linkedAt: '2030-01-02T12:00:00.000Z',
    updatedAt: '2030-01-02T12:00:00.000Z',
  });
});

test('does not accept a token of more than 24 hours', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  const before = await wholeCustomer(vault.owner, customerId);
  clock.moveTo('2030-01-02T12:00:00.001Z');

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOKEN_NOT_ACCEPTED', field: ['input', 'token'] }]);
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
});

test('still resolves a payment method whose token is older than 24 hours', async () => {
  const customer = await aCustomer(vault.owner);
  const token = await aProviderToken(vault.owner);
  await changed(vault.owner, 'linkPaymentMethod', { customerId: customer.id, token });
  clock.moveTo('2030-03-01T12:00:00.000Z');

  const answer = await vault.owner.execute(
    'query ($token: ID!) { resolvePaymentToken(token: $token) { providerToken } }',
    { token: customer.token },
  );

  expect(answer.expectData().resolvePaymentToken).toEqual({ providerToken: token });
});

test('takes dead tokens away when new ones are made', async () => {
  await Promise.all(Array.from({ length: 5 }, () => aProviderToken(vault.owner)));
  clock.moveTo('2030-06-01T12:00:00.000Z');

  await aProviderToken(vault.owner);
  await aProviderToken(vault.owner);

  const { rows } = await queryAs<{ count: string }>(
    vault.databaseUrl,
    'select count(*) from sandbox_tokens where merchant_id = $1',
    [vault.ownerId],
  );
  expect(rows).toEqual([{ count: '2' }]);
});
