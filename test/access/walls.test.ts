import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { statementsOf, withoutMerchant } from '../support/walls.mjs';

const serverUrl = process.env['VAULT_TEST_SERVER_URL'] ?? '';

test('sees a statement that forgets the merchant, and none that names it', () => {
  const forgetful = [
    'select c.id from customers c where c.id = $1',
    'select c.id from customers c where c.id = $1 and c.merchant_id = p.merchant_id',
    'update payment_methods p set sealed = $1 where p.id = $2',
    'delete from addresses where id = $1',
    'select "public"."api_keys"."id" from "public"."api_keys" where "public"."api_keys"."id" = $1',
  ];
  const careful = [
    'select c.id from customers c where c.merchant_id = $1 and c.id = $2',
    'insert into customers ( merchant_id, id ) values ($1, $2)',
    'select m.id from merchants m where m.id = $1',
    'select "public"."api_keys"."id" from "public"."api_keys" where "public"."api_keys"."merchant_id" = $1',
  ];

  expect(withoutMerchant([...forgetful, ...careful])).toEqual(forgetful);
});

test('looks at the statements that the server itself has sent', async () => {
  const vault = await startVault();
  const { id } = await aCustomer(vault.owner);
  await aPaymentMethod(vault.owner, id);
  await vault.close();

  const statements = await statementsOf(serverUrl);

  // A server that is lent for the tests may keep no statements.
  const names = statements?.filter((text: string) =>
    /\/\* (customers|payment-methods)\.insert \*\//.test(text),
  );
  expect(names?.length ?? 2).toBeGreaterThanOrEqual(2);
  expect(withoutMerchant(statements ?? [])).toEqual([]);
});
