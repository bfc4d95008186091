import type { TokenizedPaymentMethod } from '../../src/providers/provider.js';
import type { Card } from '../../src/shared/payment-method-details.js';
import { change } from '../support/changes.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

const card: Card = {
  type: 'CARD',
  brand: 'UNKNOWN',
  brandName: null,
  lastFour: '4242',
  cvcCheck: 'NOT_VERIFIED',
  addressCheck: 'NOT_VERIFIED',
  expiry: { month: 12, year: 2035 },
  tokenType: 'PLATFORM',
};

/** Tells of a token `BRAND:word` as a card of that brand, in the provider's own word. */
async function findToken(_: unknown, token: string): Promise<TokenizedPaymentMethod> {
  const [brand = '', word = ''] = token.split(':');
  const brandName = word === 'a card number' ? '4242 4242 4242 4242' : word;
  return {
    details: { ...card, brand: brand as Card['brand'], brandName: brandName || null },
    billingDetails: null,
    fingerprint: null,
    tokenizedAt: new Date('2029-05-04T03:02:01.234Z'),
  };
}

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ provider: { name: 'acquirer', tellsRenewals: true, findToken } });
});

afterAll(() => vault.close());

async function linked(token: string) {
  const { id: customerId } = await aCustomer(vault.owner);
  const answer = await vault.owner.execute(
    `mutation ($input: LinkPaymentMethodInput!) {
      linkPaymentMethod(input: $input) { paymentMethod { id card { brand brandName } } }
    }`,
    { input: { customerId, token } },
  );
  const { paymentMethod } = answer.expectData().linkPaymentMethod;
  const later = await vault.owner.execute(
    'query ($id: ID!) { paymentMethod(id: $id) { id card { brand brandName } } }',
    { id: paymentMethod.id },
  );
  expect(later.expectData().paymentMethod).toEqual(paymentMethod);
  return paymentMethod;
}

test.each([
  ['UNKNOWN:Maestro', 'UNKNOWN', 'Maestro'],
  ['UNKNOWN: Elo ', 'UNKNOWN', 'Elo'],
  ['UNKNOWN:', 'UNKNOWN', null],
  ['VISA:Visa Electron', 'VISA', null],
  [`UNKNOWN:${'x'.repeat(51)}`, 'UNKNOWN', null],
  ['UNKNOWN:a card number', 'UNKNOWN', null],
])("keeps of %s the brand %s and the provider's own word %j", async (token, brand, brandName) => {
  const { card } = await linked(token);

  expect(card).toEqual({ brand, brandName });
});

test('lets the database keep a word for no brand but an unknown one', async () => {
  const { id } = await linked('VISA:again');

  const named = queryAs(vault.databaseUrl, "update payment_methods set brand_name = 'Visa' where id = $1", [
    id,
  ]);

  await expect(named).rejects.toThrow('payment_methods_brand_name_check');
});

test('takes no expiry where the provider tells of renewed cards by itself', async () => {
  const { id } = await linked('UNKNOWN:Renewed');

  const answer = await change(vault.owner, 'updatePaymentMethod', { id, expiry: { month: 1, year: 2036 } });

  expect(answer.expectData().updatePaymentMethod.userErrors).toEqual([
    {
      code: 'INVALID',
      field: ['input', 'expiry'],
      message: 'The tokenization provider tells of renewed cards by itself.',
    },
  ]);
});
