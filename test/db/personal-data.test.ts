import { features } from '../../src/features.js';
import { queryAs, workerDatabaseUrl } from '../support/database.js';

/** Keys themselves, wrapped or hashed, and nothing of anybody's customers. */
const tablesOfKeys = ['merchant_keys', 'key_encryption_keys', 'partner_keys'];

test('a feature names every column that has sealed values or keyed hashes', async () => {
  const { rows } = await queryAs<{ name: string }>(
    await workerDatabaseUrl(),
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and (data_type = 'bytea' or udt_name = '_int8')
       and table_name <> all ('{${tablesOfKeys.join(',')}}')`,
  );
  const named = features.flatMap(({ personalData }) =>
    Object.entries(personalData?.tables ?? {}).flatMap(([table, { sealed = [], hashes = [] }]) =>
      [...sealed, ...hashes].map((column) => `${table}.${column}`),
    ),
  );

  expect(named.length).toBeGreaterThan(10);
  expect(named.sort()).toEqual(rows.map(({ name }) => name).sort());
});

test('sealed columns are called so, and no others', () => {
  const tables = features.flatMap(({ personalData }) => Object.values(personalData?.tables ?? {}));

  expect(new Set(tables.flatMap(({ sealed = [] }) => sealed))).toEqual(new Set(['sealed']));
  expect(tables.flatMap(({ hashes = [] }) => hashes)).not.toContain('sealed');
});
