import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withClient } from './cluster.mjs';
import { HERE } from './options.mjs';
import { rowMaker } from './rows.mjs';
import { openMerchant } from './sealing.mjs';
import { ensureKeyFile, makeFirstMerchant } from './servers.mjs';

const BATCH = 500;

/** Fills the cluster with so many customers, in the vault's tables and in plain ones, unless that was done before. */
export async function ensureFilled(root, cluster, size) {
  const marker = join(cluster.dataDir, 'filled.json');
  const wanted = await stateOf(root, size);
  if ((await readFile(marker, 'utf8').catch(() => '')) === wanted) return;
  await rm(marker, { force: true });
  await rm(join(cluster.dataDir, 'api-key'), { force: true });
  await recreateDatabases(cluster);
  ensureKeyFile(root, cluster);
  await makeFirstMerchant(root, cluster);
  await withClient(cluster.plainUrl, async (plain) => {
    await fillVault(cluster.vaultUrl, await merchantOf(cluster), size, plain);
  });
  await writeFile(marker, wanted);
}

/** Told from the migrations and the code here, so that other tables or other data are made anew. */
export async function stateOf(root, size) {
  const hash = createHash('sha256');
  const folder = join(root, 'prisma', 'migrations');
  const migrations = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sql'));
  const own = ['fill', 'rows', 'sealed-rows', 'search-terms', 'sealing', 'people'].map((name) =>
    join(HERE, 'lib', `${name}.mjs`),
  );
  const files = [
    ...migrations.sort().map((name) => join(folder, name)),
    ...own,
    join(HERE, 'lib', 'plain.sql'),
  ];
  for (const file of files) hash.update(await readFile(file));
  return JSON.stringify({ size, state: hash.digest('hex') });
}

async function recreateDatabases({ adminUrl, plainUrl }) {
  await withClient(adminUrl, async (client) => {
    for (const database of ['vault', 'plain']) {
      await client.query(`drop database if exists ${database} with (force)`);
      await client.query(`create database ${database}`);
    }
  });
  const tables = await readFile(join(HERE, 'lib', 'plain.sql'), 'utf8');
  await withClient(plainUrl, (client) => client.query(tables));
}

/** The merchant with this id, or the only one there is, with its keys. */
export function merchantOf({ vaultUrl, keyFile }, wanted = null) {
  return withClient(vaultUrl, (client) => openMerchant(client, keyFile, wanted));
}

/** Fills the tables of the vault with so many customers of a merchant and, given a client for them, the plain ones. */
export async function fillVault(vaultUrl, merchant, size, plain = null) {
  const rowsOf = rowMaker(merchant);
  await withClient(vaultUrl, async (vault) => {
    const restore = [await prepare(vault), ...(plain ? [await prepare(plain)] : [])];
    let sent = Promise.resolve();
    for (let from = 0; from < size; from += BATCH) {
      const batch = { vault: {}, plain: {} };
      for (let number = from; number < Math.min(from + BATCH, size); number += 1) {
        const rows = rowsOf(number, number / size);
        collect(batch.vault, rows.vault);
        collect(batch.plain, rows.plain);
      }
      // The next batch is made while PostgreSQL stores this one.
      await sent;
      sent = Promise.all([insertRows(vault, batch.vault), plain && insertRows(plain, batch.plain)]);
      progress(from, size);
    }
    await sent;
    for (const finish of restore) await finish();
    process.stderr.write(`\rFilled ${size} customers.            \n`);
  });
}

/**
 * Makes so many more of each customer of a merchant, years older, for the planner and for whoever counts or searches:
 * they have its hashes and words, but nobody can open them, so that they must not come into a page.
 */
export async function copyCustomers(vaultUrl, { id }, copies) {
  const copied = `substr(md5(c.id || n), 1, 24)`;
  const others = 'cross join generate_series(1, $2::int) n where c.merchant_id = $1';
  await withClient(vaultUrl, async (vault) => {
    const finish = await prepare(vault);
    await vault.query(
      `insert into customers (merchant_id, id, token, version, sealed, email_hash, phone_hash, created_at, updated_at)
       select merchant_id, ${copied}, gen_random_uuid(), version, sealed, email_hash, phone_hash,
         created_at - interval '5 years' + n * interval '1 minute', updated_at - interval '5 years'
       from customers c ${others}`,
      [id, copies],
    );
    await vault.query(
      `insert into customer_search (merchant_id, customer_id, terms, more_terms)
       select c.merchant_id, ${copied}, s.terms, s.more_terms
       from customers c join customer_search s on s.merchant_id = c.merchant_id and s.customer_id = c.id ${others}
         and c.created_at > '2022-01-01'`,
      [id, copies],
    );
    await finish();
  });
}

/**
 * Makes a connection fit for a fill: no triggers (what is inserted refers to what is there), and no search index,
 * which is built four times faster at the end. Resolves to what puts everything right again.
 */
async function prepare(client) {
  await client.query(
    `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'`,
  );
  const { rows } = await client.query(
    `select indexname, indexdef from pg_indexes where schemaname = 'public' and indexdef like '%USING gin%'`,
  );
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
  return async () => {
    for (const { indexdef } of rows) await client.query(indexdef);
    await client.query('vacuum (freeze, analyze)');
    await client.query('checkpoint');
  };
}

function collect(into, rows) {
  for (const [table, more] of Object.entries(rows)) {
    into[table] ??= [];
    into[table].push(...more);
  }
}

/** Inserts rows by table, each an object by column. Columns that no row has take their defaults. */
export async function insertRows(client, tables) {
  for (const [table, rows] of Object.entries(tables)) {
    const columns = Object.keys(rows[0]).join(', ');
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }
}

function progress(done, size) {
  if (process.stderr.isTTY) process.stderr.write(`\rFilling ${Math.floor((done / size) * 100)} %`);
}
