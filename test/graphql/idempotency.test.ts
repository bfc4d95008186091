import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test.each([
  'mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "1") { customer { id } } }',
  'mutation { createCustomer(input: { name: "Ada" }) { customer { id @idempotent(key: "1") } } }',
  'mutation ($k: String = "1") { createCustomer(input: { name: "Ada" }) @idempotent(key: $k) { customer { id } } }',
  'mutation { ...M } fragment M on Mutation { createCustomer(input: { name: "Ada" }) @idempotent(key: "1") { customer { id } } }',
  '{ customers @idempotent(key: "1") { totalCount } }',
])('refuses %s, which would not be carried out once', async (document) => {
  const answer = await vault.owner.execute(document);

  expect([answer.status, answer.body.data]).toEqual([400, undefined]);
  expect(answer.expectErrors()).toEqual([{ code: 'BAD_USER_INPUT' }]);
  expect((await vault.owner.execute('{ customers { totalCount } }')).expectData()).toEqual({
    customers: { totalCount: 0 },
  });
});

test('carries out a mutation without the directive', async () => {
  const { id } = await aCustomer(vault.stranger);

  expect(id).toMatch(/^[0-9a-f]{24}$/);
});
