import { statementsOf, withoutMerchant } from './walls.mjs';

export default async function tearDown() {
  const statements = await statementsOf(process.env.VAULT_TEST_SERVER_URL);
  await globalThis.stopTestServer();
  const stray = withoutMerchant(statements ?? []);
  if (stray.length === 0) return;
  const lines = stray.map(({ name, relations, text }) => `${name}: ${relations.join(', ')}\n  ${text}`);
  throw new Error(`These statements have relations without a constant merchant:\n${lines.join('\n\n')}`);
}
