import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { applyMigrations } from '../../src/db/migrations.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';

// What the Prisma schema language has no word for, and so stands in the migrations alone.
const checks = [
  'api_keys_created_by_check',
  'api_keys_old_check',
  'api_keys_scopes_check',
  'api_keys_secret_hash_check',
  'addresses_id_check',
  'customer_search_more_terms_check',
  'customer_search_terms_check',
  'customer_sessions_maker_check',
  'customer_sessions_permissions_check',
  'customer_sessions_secret_hash_check',
  'customers_hashes_check',
  'customers_id_check',
  'customers_version_check',
  'idempotency_records_hashes_check',
  'linked_tokens_token_hash_check',
  'merchant_keys_key_id_check',
  'merchants_id_check',
  'merchants_mode_check',
  'partner_keys_mode_check',
  'partner_keys_old_check',
  'partner_keys_scopes_check',
  'partner_keys_secret_hash_check',
  'partners_id_check',
  'payment_methods_brand_name_check',
  'payment_methods_id_check',
  'payment_methods_last_four_check',
  'payment_methods_type_check',
];
const partialIndexes = ['merchant_keys_one_current'];
const defaults = [
  'customers_merchant_id_id_default_address_id_fkey',
  'customers_merchant_id_id_default_payment_method_id_fkey',
];

/** URL of a database made by the migrations, and of one made from `schema.prisma`. */
let migrated: string;
let described: string;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    'test/support/prisma-sql.mjs',
    'prisma/schema.prisma',
  ]);
  [migrated, described] = await Promise.all([emptyDatabaseUrl(), emptyDatabaseUrl()]);
  await applyMigrations(migrated, 'prisma/migrations');
  await queryAs(described, stdout);
});

/** One line a thing of the catalogue, without the migrations' own history. */
async function list(url: string, lines: string): Promise<string[]> {
  const { rows } = await queryAs<{ line: string }>(
    url,
    `select line from (${lines}) as t (tbl, line) where tbl <> '_prisma_migrations' order by line`,
  );
  return rows.map(({ line }) => line);
}

const columns = `
  select c.relname, concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end, 'default ' || pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated)
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;

const indexes = `
  select t.relname, pg_get_indexdef(i.indexrelid)
  from pg_index i join pg_class t on t.oid = i.indrelid
  where t.relnamespace = 'public'::regnamespace`;

/** Constraints of a kind, by their names and definitions. */
function constraints(kind: 'p' | 'u' | 'f' | 'c'): string {
  return `select c.conrelid::regclass::text, concat_ws(' ', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype = '${kind}'`;
}

function isDefaultsKey(line: string): boolean {
  return defaults.some((name) => line.includes(` ${name} `));
}

test('the migrations make the columns that schema.prisma describes', async () => {
  const made = await list(migrated, columns);

  expect(made.length).toBeGreaterThan(60);
  expect(made).toEqual(await list(described, columns));
});

test('the migrations make the indexes that schema.prisma describes, and the partial ones', async () => {
  const made = await list(migrated, indexes);
  const isPartial = (line: string) => partialIndexes.some((name) => line.includes(` ${name} `));

  expect(made.filter((line) => !isPartial(line))).toEqual(await list(described, indexes));
  expect(made.filter(isPartial)).toEqual([
    expect.stringMatching(
      /^CREATE UNIQUE INDEX merchant_keys_one_current .+\(merchant_id\) WHERE is_current$/,
    ),
  ]);
});

test.each([
  ['primary keys', 'p', 14],
  ['unique constraints', 'u', 0],
] as const)('the migrations make the %s that schema.prisma describes', async (_, kind, count) => {
  const made = await list(migrated, constraints(kind));

  expect(made).toHaveLength(count);
  expect(made).toEqual(await list(described, constraints(kind)));
});

test('the migrations make the foreign keys that schema.prisma describes', async () => {
  const [made, wanted] = await Promise.all([
    list(migrated, constraints('f')),
    list(described, constraints('f')),
  ]);

  expect(made.filter((line) => !isDefaultsKey(line))).toEqual(wanted.filter((line) => !isDefaultsKey(line)));
  expect(made.length).toBeGreaterThan(6);
});

test("the keys of a customer's defaults are asked when the transaction ends, and refuse", async () => {
  const [made, wanted] = await Promise.all([
    list(migrated, constraints('f')),
    list(described, constraints('f')),
  ]);

  const found = made.filter(isDefaultsKey);
  expect(found).toHaveLength(defaults.length);
  expect(found).toEqual(wanted.filter(isDefaultsKey).map((line) => `${line} DEFERRABLE INITIALLY DEFERRED`));
});

test('every foreign key holds for the rows that were there before it, and none follows a change of an id', async () => {
  const { rows } = await queryAs<{ name: string }>(
    migrated,
    `select conname as name from pg_constraint
     where contype = 'f' and (not convalidated or confupdtype <> 'a')`,
  );

  expect(rows).toEqual([]);
});

test('every foreign key between tables with a merchant names the merchant', async () => {
  const keys = (await list(migrated, constraints('f'))).filter(
    // These belong to no merchant.
    (line) => !/REFERENCES (key_encryption|partners\(|partner_keys\()/.test(line),
  );

  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter((line) => !/FOREIGN KEY \(merchant_id\b/.test(line))).toEqual([]);
});

test('the migrations make the known checks and no others', async () => {
  const made = await list(migrated, constraints('c'));

  expect(made.map((line) => line.split(' ')[1]).sort()).toEqual([...checks].sort());
  expect(await list(described, constraints('c'))).toEqual([]);
});

test('compares ids byte by byte', async () => {
  const collations = `
    select c.relname, c.relname || '.' || a.attname || ' ' || l.collname
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_collation l on l.oid = a.attcollation
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
      and a.attname ~ '(^|_)id$' and a.attname <> 'key_encryption_key_id' and c.relname <> 'key_encryption_keys'`;

  const ids = await list(migrated, collations);

  expect(ids.length).toBeGreaterThan(15);
  expect(ids.filter((line) => !line.endsWith(' C'))).toEqual([]);
});
