import fc from 'fast-check';
import { queryAs } from './support/database.js';
import { aCustomer, aPaymentMethod } from './support/factories.js';
import { anOperation } from './support/random-documents.js';
import type { KnownIds } from './support/random-values.js';
import { startVault, type TestVault } from './support/vault.js';

/** `npm run fuzz` sends more; a seed that failed is given back as FUZZ_SEED. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const TIMES = 5;

let vault: TestVault;
let known: KnownIds;
let acknowledged = 0;

beforeAll(async () => {
  vault = await startVault();
  const { id, token, addresses } = await aCustomer(vault.owner, {
    reference: 'known',
    addresses: [{ label: 'Home' }],
  });
  const method = await aPaymentMethod(vault.owner, id);
  known = { ids: [id, method.id, addresses[0]?.id ?? ''], tokens: [token, method.token] };
  acknowledged = 1;
});

afterAll(() => vault.close());

async function countCustomers(): Promise<number> {
  const { rows } = await queryAs<{ count: number }>(
    vault.databaseUrl,
    `select count(*)::integer as count from customers where merchant_id = '${vault.ownerId}'`,
  );
  return rows[0]?.count ?? -1;
}

/** How many customers an answer says to have made, less those that it says to have deleted. */
function changeOf(data: Record<string, Record<string, unknown> | null> | null | undefined): number {
  return Object.entries(data ?? {}).reduce((sum, [alias, payload]) => {
    if (alias.startsWith('createCustomer') && payload?.['customer']) return sum + 1;
    if (alias.startsWith('upsertCustomer') && payload?.['created']) return sum + 1;
    return alias.startsWith('deleteCustomer') && payload?.['deletedCustomerId'] ? sum - 1 : sum;
  }, 0);
}

test(`answers ${RUNS} random documents with random values as it should (FUZZ_SEED=${SEED})`, async () => {
  process.stdout.write(`The fuzzing goes on with FUZZ_RUNS=${RUNS} FUZZ_SEED=${SEED}.\n`);
  const statuses = new Map<number, number>();
  let withData = 0;
  const property = fc.asyncProperty(anOperation(known), async ({ query, variables, operationName }) => {
    // A query five times by itself; what changes something has another effect each time.
    const times = query.includes('mutation ') ? TIMES : 1;
    for (let time = 0; time < times; time += 1) {
      const answer = await vault.owner.execute(query, variables, operationName);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.body.data) withData += 1;
      acknowledged += changeOf(answer.body.data);
      const codes = (answer.body.errors ?? []).map(({ extensions }) => extensions.code);

      expect(answer.status).toBeLessThan(500);
      expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
      expect(codes).not.toContain(undefined);
      expect(answer.body.extensions.requestId).toEqual(expect.any(String));
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });

  expect(await countCustomers()).toBe(acknowledged);
  // Neither nothing but refusals nor nothing but harmless documents.
  expect(withData).toBeGreaterThan(RUNS / 10);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(RUNS / 20);
  expect((await vault.owner.execute('{ __typename }')).expectData()).toEqual({ __typename: 'Query' });
}, 3_600_000);
