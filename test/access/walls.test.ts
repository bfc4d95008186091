import { aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { merchantsTables, stray } from '../support/merchant-constants.mjs';
import { startVault } from '../support/vault.js';
import { statementsOf, withoutMerchant } from '../support/walls.mjs';

const serverUrl = process.env['VAULT_TEST_SERVER_URL'] ?? '';

test('knows the tables that have a merchant', () => {
  expect([...merchantsTables].sort()).toEqual([
    'addresses',
    'api_keys',
    'customer_search',
    'customer_sessions',
    'customers',
    'idempotency_records',
    'linked_tokens',
    'merchant_keys',
    'payment_methods',
    'sandbox_tokens',
  ]);
});

test.each([
  ['no merchant', 'select c.id from customers c where c.id = $1', ['customers c']],
  [
    "another relation's merchant",
    'select 1 from customers c where c.merchant_id = p.merchant_id',
    ['customers c'],
  ],
  ['no merchant', 'update payment_methods p set sealed = $1 where p.id = $2', ['payment_methods p']],
  ['no merchant', 'delete from addresses where id = $1', ['addresses addresses']],
  [
    'no merchant, by Prisma',
    'select "public"."api_keys"."id" from "public"."api_keys" where "public"."api_keys"."id" = $1',
    ['api_keys api_keys'],
  ],
  [
    'a join',
    'select 1 from customers c join addresses a on a.merchant_id = c.merchant_id where c.merchant_id = $1',
    ['addresses a'],
  ],
  [
    'an outer join that leaves nothing out',
    'select 1 from customers c left join addresses a on c.merchant_id = $1 and a.merchant_id = $1',
    ['customers c'],
  ],
  [
    'a subquery',
    'select (select count(*) from addresses a where a.merchant_id = c.merchant_id) from customers c where c.merchant_id = $1',
    ['addresses a'],
  ],
  ['an alternative', 'select c.id from customers c where c.merchant_id = $1 or c.id = $2', ['customers c']],
  ['merchants of a list', 'select c.id from customers c where c.merchant_id = any ($1)', ['customers c']],
  [
    'the merchant outside alone',
    'select 1 from (select * from addresses) a where a.merchant_id = $1',
    ['addresses addresses'],
  ],
  [
    'the merchant of a part of the statement',
    'with c as (select * from customers where merchant_id = $1) delete from addresses a using c where a.id = c.id',
    ['addresses a'],
  ],
  [
    'a part that stands in the place of its table',
    'with customers as (select * from customers where id = $1) select 1 from customers',
    ['customers customers'],
  ],
  [
    'another place for what it inserts',
    'insert into addresses (merchant_id, id) select c.merchant_id, $1 from customers c where c.merchant_id = $2',
    ['addresses (inserted)'],
  ],
  [
    'no merchant in one of two rows',
    'insert into addresses (merchant_id, id) values ($1, $2), (default, $3)',
    ['addresses (inserted)'],
  ],
  [
    'a branch',
    'select id from addresses where merchant_id = $1 union all select id from payment_methods where id = $2',
    ['payment_methods payment_methods'],
  ],
  [
    'a lock that is skipped',
    'select 1 from customers where merchant_id = $1 for update skip locked',
    ['skip locked'],
  ],
  [
    'the clock in a conflict',
    'insert into linked_tokens as l (merchant_id) values ($1) on conflict do update set linked_at = $2 where l.linked_at < now()',
    ['on conflict … where function()'],
  ],
])('sees %s', (_, text, found) => {
  expect(stray(text)).toEqual(found);
  expect(withoutMerchant([text])).toEqual([{ name: text, relations: found, text }]);
});

test.each([
  'select c.id from customers c where c.merchant_id = $1 and c.id = $2',
  'select 1 from customers c left join addresses a on a.merchant_id = $1::text where c.merchant_id = $1',
  'insert into customers (merchant_id, id) values ($1, $2)',
  'insert into customers (merchant_id, id) select $1, $2 where exists (select from addresses where merchant_id = $1)',
  'select m.id from merchants m where m.id = $1',
  'select "public"."api_keys"."id" from "public"."api_keys" where ("public"."api_keys"."merchant_id" = $1 and 1=1)',
  'with customers as (select * from customers where merchant_id = $1) select 1 from customers',
  'with recursive t as (select id from api_keys where merchant_id = $1 union select k.id from t join api_keys k on k.merchant_id = $1) select 1 from t',
  'select 1 from idempotency_records where merchant_id = $1 and created_at <= now() - interval $2',
])('lets %j pass', (text) => {
  expect(withoutMerchant([text])).toEqual([]);
});

test('looks at the statements that the server itself has sent', async () => {
  const vault = await startVault();
  const { id } = await aCustomer(vault.owner);
  await anAddress(vault.owner, id);
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
