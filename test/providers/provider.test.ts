import {
  type ProviderContext,
  ProviderUnavailable,
  type TokenizedPaymentMethod,
} from '../../src/providers/provider.js';
import { change, changed } from '../support/changes.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

const tokenizedAt = new Date('2029-05-04T03:02:01.234Z');
const known: TokenizedPaymentMethod = {
  details: { type: 'ACH', bankAccountType: 'CHECKING', lastFour: '6789', verified: true },
  billingDetails: null,
  fingerprint: null,
  tokenizedAt,
};
/** Calls that are waiting for the provider to answer. */
const waiting: (() => void)[] = [];

/** Like a real provider: tokens in a form of its own, no fingerprints, and trouble when a token says so. */
async function findToken(_: ProviderContext, token: string): Promise<TokenizedPaymentMethod | null> {
  if (token.startsWith('tok_down')) throw new ProviderUnavailable('Zanzibar did not answer.');
  if (token.startsWith('tok_broken')) throw new TypeError('Zanzibar is not a function.');
  if (token.startsWith('tok_slow')) await new Promise<void>((resume) => waiting.push(resume));
  return token.startsWith('tok_') ? known : null;
}

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault({ provider: { name: 'acquirer', findToken } });
});

afterAll(() => vault.close());

test('answers PROVIDER_UNAVAILABLE with status 503 and changes nothing while the provider is down', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, customerId);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_down' });

  expect(answer.status).toBe(503);
  expect(answer.body.data).toEqual({ linkPaymentMethod: null });
  expect(answer.expectErrors()).toEqual([{ code: 'PROVIDER_UNAVAILABLE', path: ['linkPaymentMethod'] }]);
  expect(JSON.stringify(answer.body)).not.toContain('Zanzibar');
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
});

test('serves the other fields of a request while the provider is down', async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const answer = await vault.owner.execute(
    `mutation ($address: AddAddressInput!, $link: LinkPaymentMethodInput!) {
      addAddress(input: $address) { customer { version } }
      linkPaymentMethod(input: $link) { existing }
    }`,
    {
      address: { customerId, address: { label: 'Home' } },
      link: { customerId, token: 'tok_down' },
    },
  );

  expect(answer.status).toBe(200);
  expect(answer.body.data).toEqual({ addAddress: { customer: { version: 2 } }, linkPaymentMethod: null });
  expect(answer.expectErrors()).toEqual([{ code: 'PROVIDER_UNAVAILABLE', path: ['linkPaymentMethod'] }]);
});

test('says nothing of what else went wrong with the provider', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, customerId);

  const answer = await change(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_broken' });

  expect(answer.expectErrors()).toEqual([{ code: 'INTERNAL_SERVER_ERROR', path: ['linkPaymentMethod'] }]);
  expect(JSON.stringify(answer.body)).not.toContain('Zanzibar');
  expect(await wholeCustomer(vault.owner, customerId)).toEqual(before);
});

test('resolves to the token of the provider in its own form', async () => {
  const customer = await aCustomer(vault.owner);
  const token = 'tok_1PqZ.abc/DEF+ghi=_~42';
  const { paymentMethod } = await changed(vault.owner, 'linkPaymentMethod', {
    customerId: customer.id,
    token,
  });

  const answer = await vault.owner.execute(
    'query ($token: ID!) { resolvePaymentToken(token: $token) { providerToken } }',
    { token: paymentMethod.token },
  );

  expect(paymentMethod).toMatchObject({ fingerprint: null, createdAt: tokenizedAt.toISOString() });
  expect(answer.expectData().resolvePaymentToken).toEqual({ providerToken: token });
});

test('links a token in a form of its own once', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  await changed(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_once' });

  const again = await change(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_once' });
  const other = await change(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_ONCE' });

  expect(again.expectUserErrors()).toEqual([{ code: 'TOKEN_ALREADY_LINKED', field: ['input', 'token'] }]);
  expect(other.expectData().linkPaymentMethod.userErrors).toEqual([]);
});

test('lets each merchant link a token that the provider knows', async () => {
  const mine = await aCustomer(vault.owner);
  const theirs = await aCustomer(vault.stranger);
  const token = 'tok_shared';
  await changed(vault.owner, 'linkPaymentMethod', { customerId: mine.id, token });

  const { customer } = await changed(vault.stranger, 'linkPaymentMethod', { customerId: theirs.id, token });

  expect(customer.paymentMethods.totalCount).toBe(1);
});

test.each(['RETURN_EXISTING', 'REFUSE'])(
  'takes payment methods without a fingerprint for different ones with %s',
  async (ifDuplicate) => {
    const { id: customerId } = await aCustomer(vault.owner);
    await changed(vault.owner, 'linkPaymentMethod', { customerId, token: `tok_one_${ifDuplicate}` });

    const payload = await changed(vault.owner, 'linkPaymentMethod', {
      customerId,
      token: `tok_two_${ifDuplicate}`,
      ifDuplicate,
    });

    expect(payload).toMatchObject({ existing: false, customer: { paymentMethods: { totalCount: 2 } } });
  },
);

test('takes a token of 255 characters', async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const payload = await changed(vault.owner, 'linkPaymentMethod', {
    customerId,
    token: `tok_${'x'.repeat(251)}`,
  });

  expect(payload.existing).toBe(false);
});

test('refuses a token of more than 255 characters', async () => {
  const { id: customerId } = await aCustomer(vault.owner);

  const answer = await change(vault.owner, 'linkPaymentMethod', {
    customerId,
    token: `tok_${'x'.repeat(252)}`,
  });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'token'] }]);
});

test('holds up no other change of the customer while it waits for the provider', async () => {
  const { id: customerId } = await aCustomer(vault.owner);
  const linking = changed(vault.owner, 'linkPaymentMethod', { customerId, token: 'tok_slow' });
  while (waiting.length === 0) await new Promise((resume) => setTimeout(resume, 5));

  const added = await changed(vault.owner, 'addAddress', { customerId, address: { label: 'Home' } });

  expect(added.customer).toMatchObject({ version: 2, paymentMethods: { totalCount: 0 } });
  for (const resume of waiting.splice(0)) resume();
  const linked = await linking;
  expect(linked.customer).toMatchObject({ version: 3, addresses: [{ label: 'Home' }] });
});
