import { readFileSync } from 'node:fs';
import { postJson } from '../support/http.js';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

const query = readFileSync('examples/sandbox-story.graphql', 'utf8');
let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test('the example in Apollo Sandbox runs, operation by operation', async () => {
  const { headers } = await aKey(vault);
  const run = async (operationName: string, variables: object = {}) =>
    JSON.parse((await postJson(vault.url, JSON.stringify({ query, operationName, variables }), headers)).text)
      .data;

  const { customer } = (await run('CreateCustomer')).createCustomer;
  const { token } = (await run('Tokenize')).createSandboxPaymentToken;
  const linked = await run('Link', { customerId: customer.id, paymentToken: token });
  const resolved = await run('Resolve', { customerToken: customer.token });

  expect(linked.linkPaymentMethod.paymentMethod).toMatchObject({ isDefault: true, usable: true });
  expect(resolved.resolvePaymentToken).toMatchObject({
    usable: true,
    providerToken: expect.any(String),
    customer: { name: 'Ada Lovelace' },
    paymentMethod: { card: { brand: 'VISA', lastFour: '4242' } },
  });
});
