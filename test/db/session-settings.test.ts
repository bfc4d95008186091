import { applyMigrations } from '../../src/db/migrations.js';
import { emptyDatabaseUrl, queryAs } from '../support/database.js';
import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';

// Settings that databases and logins carry over from old versions, or from another use.
const OTHERS = [
  ...["intervalstyle = 'sql_standard'", 'standard_conforming_strings = off', "client_encoding = 'LATIN1'"],
  ...['extra_float_digits = -15', 'row_security = off', 'array_nulls = off', 'backslash_quote = off'],
  ...["default_transaction_isolation = 'serializable'", 'statement_timeout = 5000', "xmlbinary = 'hex'"],
  ...["lc_messages = 'C'", 'quote_all_identifiers = on', 'transform_null_equals = on'],
];

test.each([
  [["bytea_output = 'escape'"]],
  [["datestyle = 'German, DMY'", "timezone = 'Asia/Kathmandu'"]],
  [OTHERS],
])('serves a database that was set to %j, migrated twice', async (settings) => {
  const databaseUrl = await emptyDatabaseUrl();
  const name = new URL(databaseUrl).pathname.slice(1);
  for (const setting of settings) await queryAs(databaseUrl, `alter database ${name} set ${setting}`);
  const applied = await applyMigrations(databaseUrl, 'prisma/migrations');
  const again = await applyMigrations(databaseUrl, 'prisma/migrations');
  const vault = await startVault({ databaseUrl });
  try {
    const { id } = await aCustomer(vault.owner, { name: 'José 株式会社', metadata: { note: 'a\\b' } });
    const answer = await vault.owner.execute(
      'query ($id: ID!) { customer(id: $id) { name metadata createdAt version } }',
      { id },
    );

    expect(answer.expectData().customer).toEqual({
      name: 'José 株式会社',
      metadata: { note: 'a\\b' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      version: 1,
    });
    expect(Math.abs(Date.now() - Date.parse(answer.expectData().customer.createdAt))).toBeLessThan(60_000);
    expect([applied.length > 0, again]).toEqual([true, []]);
  } finally {
    await vault.close();
  }
});
