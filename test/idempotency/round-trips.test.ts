import { randomUUID } from 'node:crypto';
import { aCustomer } from '../support/factories.js';
import { keyed } from '../support/keyed.js';
import { type CountedWay, countRoundTrips } from '../support/round-trips.js';
import { startVault, type TestVault } from '../support/vault.js';

let way: CountedWay;
let vault: TestVault;

beforeAll(async () => {
  way = await countRoundTrips(process.env['VAULT_TEST_LOGIN_URL'] ?? '');
  process.env['VAULT_TEST_LOGIN_URL'] = way.url;
  vault = await startVault();
});

afterAll(async () => {
  await vault.close();
  way.close();
});

/** The round trips of a call once all is warm; beside it the server writes something of its own now and then. */
async function roundTripsOf(call: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let times = 0; times < 12; times += 1) {
    const before = way.count();
    await call();
    counts.push(way.count() - before);
  }
  return Math.min(...counts);
}

const mutations = { createCustomer: 'CreateCustomerInput', updateCustomer: 'UpdateCustomerInput' };

test.each(['createCustomer', 'updateCustomer'] as const)(
  'a call of %s takes at most two round trips more under an idempotency key',
  async (mutation) => {
    const { id } = await aCustomer(vault.owner);
    const input = () => (mutation === 'createCustomer' ? { name: 'Ada' } : { id, name: randomUUID() });
    const fields = 'customer { id name } userErrors { code }';
    const plain = `mutation ($input: ${mutations[mutation]}!) { ${mutation}(input: $input) { ${fields} } }`;

    const without = await roundTripsOf(() => vault.owner.execute(plain, { input: input() }));
    const under = await roundTripsOf(() => keyed(vault.owner, mutation, randomUUID(), input()));

    expect(without).toBeGreaterThan(0);
    expect(under - without).toBeLessThanOrEqual(2);
  },
);
