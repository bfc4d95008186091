// Runs once before all tests: a PostgreSQL (TEST_DATABASE_URL, or an embedded one in a temporary folder, without
// fsync) and in it a template database with the migrations applied, from which each jest worker clones its own, and a
// login that has nothing but vault_runtime, which the tests' servers use.
// It uses the build in dist/, which `npm test` makes first.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../dist/db/migrations.js';
import { renewServerLogin } from '../../dist/db/server-login.js';
import { startEmbeddedPostgres } from '../../dist/embedded-postgres/embedded-postgres.js';

export default async function setUp() {
  const server = process.env.TEST_DATABASE_URL
    ? { ownerUrl: process.env.TEST_DATABASE_URL, stop: async () => {} }
    : await startInTemporaryFolder();
  const prefix = `vault_test_${process.pid}`;
  const template = `${prefix}_template`;
  await execute(server.ownerUrl, `create database ${template}`);
  await applyMigrations(urlOf(server.ownerUrl, template), 'prisma/migrations');
  process.env.VAULT_TEST_SERVER_URL = server.ownerUrl;
  const login = `${prefix}_server`;
  process.env.VAULT_TEST_LOGIN_URL = await renewServerLogin(server.ownerUrl, login);
  process.env.VAULT_TEST_DATABASE_PREFIX = prefix;
  globalThis.stopTestServer = async () => {
    await dropDatabases(server.ownerUrl, prefix);
    await execute(server.ownerUrl, `drop role ${login}`);
    await server.stop();
  };
}

async function startInTemporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'vault-test-'));
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  return {
    ownerUrl: postgres.ownerUrl,
    stop: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function dropDatabases(serverUrl, prefix) {
  const { rows } = await execute(
    serverUrl,
    `select datname from pg_database where datname like '${prefix}%'`,
  );
  for (const { datname } of rows) await execute(serverUrl, `drop database ${datname} with (force)`);
}

async function execute(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl, database) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
