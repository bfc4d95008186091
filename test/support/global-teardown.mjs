import { statementsOf, withoutMerchant } from './walls.mjs';

export default async function tearDown() {
  const statements = await statementsOf(process.env.VAULT_TEST_SERVER_URL);
  await globalThis.stopTestServer();
  const stray = withoutMerchant(statements ?? []);
  if (stray.length > 0) throw new Error(`These statements name no merchant:\n${stray.join('\n\n')}`);
}
