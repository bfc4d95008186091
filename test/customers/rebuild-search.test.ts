import { rebuildSearch } from '../../src/customers/rebuild-search.js';
import type { MerchantScope } from '../../src/sealing/merchant-scope.js';
import type { MerchantId } from '../../src/shared/id.js';
import type { Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { aMerchant } from './factories.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

async function scopeOf(client: Client, search: MerchantScope['search'] = 'words'): Promise<MerchantScope> {
  const { id } = (await client.execute('{ merchant { id } }')).expectData().merchant;
  const keys = await vault.keyring.forMerchant(id);
  return { id: id as MerchantId, vault: keys, owner: id, mode: 'test', onlyCustomer: null, search };
}

/** Takes what customers are found by away, as if it had been made by an earlier version. */
async function forget({ id }: MerchantScope): Promise<void> {
  await queryAs(
    vault.databaseUrl,
    "update customer_search set terms = '{1}', more_terms = '{}' where merchant_id = $1",
    [id],
  );
}

async function countFound(client: Client, search: string): Promise<number> {
  const answer = await client.execute(
    'query ($search: String) { customers(filter: { search: $search }) { totalCount } }',
    { search },
  );
  return answer.expectData().customers.totalCount;
}

async function terms({ id }: MerchantScope): Promise<unknown[]> {
  const { rows } = await queryAs(
    vault.databaseUrl,
    'select customer_id, terms, more_terms from customer_search where merchant_id = $1 order by customer_id',
    [id],
  );
  return rows;
}

test('makes anew what customers are found by, in batches, and changes nothing else', async () => {
  const owner = await aMerchant(vault);
  const stranger = await aMerchant(vault);
  for (let at = 0; at < 120; at++) await aCustomer(owner, { name: 'José Müller', reference: `R-${at}` });
  await aCustomer(stranger, { name: 'José' });
  const [merchant, other] = [await scopeOf(owner), await scopeOf(stranger)];
  const before = await terms(merchant);
  await forget(merchant);
  await forget(other);

  const rebuilt = await rebuildSearch(vault.database.for(merchant.id), merchant);
  const again = await rebuildSearch(vault.database.for(merchant.id), merchant);

  expect(rebuilt).toEqual({ customers: 120, changed: 120, unreadable: 0 });
  expect(again).toEqual({ customers: 120, changed: 0, unreadable: 0 });
  expect(await terms(merchant)).toEqual(before);
  expect(await countFound(owner, 'jose mueller')).toBe(120);
  expect(await countFound(stranger, 'jose')).toBe(0);
});

test('leaves a customer alone whose profile does not open', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, { name: 'Broken' });
  await aCustomer(owner, { name: 'Whole' });
  const merchant = await scopeOf(owner);
  await queryAs(vault.databaseUrl, "update customers set sealed = '\\x00' where id = $1", [id]);

  const rebuilt = await rebuildSearch(vault.database.for(merchant.id), merchant);

  expect(rebuilt).toEqual({ customers: 2, changed: 0, unreadable: 1 });
  expect(await countFound(owner, 'broken')).toBe(1);
});

test('leaves the terms of a profile that changed in the meantime', async () => {
  const owner = await aMerchant(vault);
  const { id } = await aCustomer(owner, { name: 'Before' });
  const merchant = await scopeOf(owner);
  const db = vault.database.for(merchant.id);
  const racing: typeof db = {
    read: async (statement) => {
      const rows = await db.read(statement);
      if (rows.length > 0)
        await owner.execute(
          'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }',
          { input: { id, name: 'Afterwards' } },
        );
      return rows as never;
    },
    write: (statement) => db.write(statement),
    transaction: (work) => db.transaction(work),
  };

  const rebuilt = await rebuildSearch(racing, merchant);

  expect(rebuilt).toEqual({ customers: 1, changed: 0, unreadable: 0 });
  expect([await countFound(owner, 'afterwards'), await countFound(owner, 'before')]).toEqual([1, 0]);
});

test('takes the words away where none are kept', async () => {
  const owner = await aMerchant(vault);
  await aCustomer(owner, { name: 'Ada' });
  const merchant = await scopeOf(owner, 'exact');

  const rebuilt = await rebuildSearch(vault.database.for(merchant.id), merchant);

  expect(rebuilt).toMatchObject({ customers: 1, changed: 1 });
  expect(await countFound(owner, 'ada')).toBe(0);
});
