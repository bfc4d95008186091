import pg from 'pg';

const serverUrl = process.env['VAULT_TEST_SERVER_URL'] ?? '';
const prefix = process.env['VAULT_TEST_DATABASE_PREFIX'] ?? '';

/** The owner's URL of this jest worker's own database, cloned from the template at its first use. */
export async function workerDatabaseUrl(): Promise<string> {
  const name = `${prefix}_${process.env['JEST_WORKER_ID'] ?? '1'}`;
  const { rowCount } = await queryAs(serverUrl, 'select from pg_database where datname = $1', [name]);
  if (rowCount === 0) await queryAs(serverUrl, `create database ${name} template ${prefix}_template`);
  return databaseUrl(name);
}

/** The owner's URL of a new empty database, for tests of what happens at the first start. */
export async function emptyDatabaseUrl(): Promise<string> {
  const name = `${prefix}_empty_${process.env['JEST_WORKER_ID'] ?? '1'}_${Math.random().toString(36).slice(2)}`;
  await queryAs(serverUrl, `create database ${name}`);
  return databaseUrl(name);
}

/** The URL of the servers' own login, which has nothing but `vault_runtime`, on the database of an owner's URL. */
export function serverUrlOf(ownerUrl: string): string {
  const url = new URL(process.env['VAULT_TEST_LOGIN_URL'] ?? '');
  url.pathname = new URL(ownerUrl).pathname;
  return url.href;
}

/** Sends one statement over a connection of its own, as the owner. */
export async function queryAs<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Row>(text, values);
  } finally {
    await client.end();
  }
}

function databaseUrl(name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
