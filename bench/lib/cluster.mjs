import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { HERE } from './options.mjs';

/** Room for the pools of every server at once; `begin` and `commit` are statements too. */
const SETTINGS = { max_connections: '150', 'pg_stat_statements.track_utility': 'on' };

/** Starts the PostgreSQL that comes with the vault on the cached data of a size, with everything in place but data. */
export async function startCluster(size) {
  const build = new URL('../../dist/embedded-postgres/embedded-postgres.js', import.meta.url);
  if (!existsSync(build)) throw new Error('There is no build: run `npm run build` first.');
  const { startEmbeddedPostgres } = await import(build.href);
  const dataDir = join(HERE, '.data', String(size));
  await mkdir(dataDir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
  const url = (database) => {
    const other = new URL(postgres.ownerUrl);
    other.pathname = `/${database}`;
    return other.href;
  };
  return {
    dataDir,
    keyFile: join(dataDir, 'keys.json'),
    vaultUrl: postgres.ownerUrl,
    plainUrl: url('plain'),
    adminUrl: url('postgres'),
    stop: postgres.stop,
  };
}

/** Runs `work` with a connection of its own. */
export async function withClient(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
