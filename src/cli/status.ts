import { get } from 'node:http';
import { Command } from 'commander';
import { type Config, environmentOfProcess, readConfig } from '../config/config.js';
import { Database } from '../db/database.js';
import { readDatabaseUrl } from '../db/database-url.js';
import { assertMigrated } from '../db/migrations.js';
import { schemaOf } from '../db/prepare-database.js';
import { connectionTo } from '../db/session-settings.js';
import { withConnection } from '../db/single-connection.js';
import { assertKeyEncryptionKeys } from '../encryption/check-keys.js';
import { hasMerchants } from '../merchants/create-merchant.js';
import { readKeyFile } from '../sealing/key-file.js';
import { sentenceOf } from '../shared/error-sentence.js';
import { VERSION } from '../version.js';
import { readOperatorConfig } from './operator-config.js';
import { print, table } from './output.js';
import { findPlace, migrations, type Place } from './session.js';

interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
}

const PATIENCE_MS = 3_000;

/** `status`: what is configured, whether it can be reached, and whether it is current. Exit code 1 where something is not. */
export function statusCommand(): Command {
  return new Command('status')
    .description('tell what is configured, reachable and current; changes nothing')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await checkAll();
      const rows = checks.map(({ what, ok, found }) => ({ '': ok ? 'ok' : '!!', what, found }));
      print(json, { version: VERSION, checks }, table(rows, ''));
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}

async function checkAll(): Promise<Check[]> {
  const version = await check('version', async () => `${VERSION}, Node ${process.version}`);
  const environment = environmentOfProcess();
  const config = await attempt(async () => readConfig(environment));
  const settings = await check('settings', async () => describe(await config.value()));
  const place = await attempt(() => findPlace(readOperatorConfig(environment)));
  const database = await check('database', async () => databaseOf(await place.value()));
  const rest = !database.ok
    ? []
    : await checkContents(await place.value(), readOperatorConfig(environment).keyFile);
  const server = await check('server', async () => serverOf(await config.value()));
  return [version, settings, database, ...rest, server];
}

async function checkContents({ url, ownerUrl }: Place, keyFile: string): Promise<Check[]> {
  const db = new Database({ url, schema: await schemaOf(ownerUrl), poolSize: 1, lanes: 1 });
  try {
    const tables = await check('migrations', async () => {
      await assertMigrated(ownerUrl, migrations);
      return 'all of this version are applied';
    });
    const keys = await check('key file', async () => {
      const read = await readKeyFile(keyFile);
      if (tables.ok) await assertKeyEncryptionKeys(db, read);
      return `${keyFile}, current key ${read.current}`;
    });
    if (!tables.ok) return [tables, keys];
    const merchants = await check('merchants', async () => {
      if (await hasMerchants(db)) return 'there is one or more';
      throw new Error('There is none yet: `init` makes the first one.');
    });
    return [tables, keys, merchants];
  } finally {
    await db.close();
  }
}

function describe({ database, production, dashboard, tokenization, search }: Config): string {
  const kind = database.kind === 'embedded' ? 'embedded PostgreSQL' : 'DATABASE_URL';
  const mode = production ? 'production' : 'not production';
  return `${kind}, ${mode}, dashboard ${dashboard ? 'on' : 'off'}, tokenization ${tokenization}, search ${search}`;
}

async function databaseOf({ url, ownerUrl }: Place): Promise<string> {
  const login = await loginOf(url);
  const owner = ownerUrl === url ? '' : `, owner ${(await loginOf(ownerUrl)).login}`;
  const readOnly = login.readOnly === 'on' ? ', READ-ONLY' : '';
  const { version, schema, encoding, tls } = login;
  return `${readDatabaseUrl(url).place}, PostgreSQL ${version}, schema ${schema}, ${encoding}, login ${login.login}${owner}, TLS ${tls ? 'on' : 'off'}${readOnly}`;
}

interface Login {
  readonly login: string;
  readonly version: string;
  readonly schema: string;
  readonly encoding: string;
  readonly tls: boolean;
  readonly readOnly: string;
}

async function loginOf(url: string): Promise<Login> {
  return withConnection(connectionTo(url), async (client) => {
    const { rows } = await client.query<Login>(
      `select session_user as login, current_setting('server_version') as version, current_schema() as schema,
         current_setting('server_encoding') as encoding, current_setting('transaction_read_only') as "readOnly",
         coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls`,
    );
    return rows[0] as Login;
  });
}

async function serverOf({ host, port }: Config): Promise<string> {
  const at = typeof port === 'string' ? { socketPath: port } : { host: reachable(host), port };
  const name = typeof port === 'string' ? port : `http://${reachable(host)}:${port}`;
  if (port === 0) return 'PORT=0: it listens on a port that it has chosen itself';
  const health = JSON.parse(await textOf(at, '/healthz'));
  const ready = JSON.parse(await textOf(at, '/readyz'));
  if (ready.status !== 'ready') throw new Error(`${name}: ${ready.reason ?? ready.status}`);
  const other = health.version === VERSION ? '' : `, of version ${health.version}`;
  return `${name}: ready${other}`;
}

/** The address at which a server that listens on all of them is found from here. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function textOf(at: object, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ ...at, path, timeout: PATIENCE_MS, headers: { host: 'localhost' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    request.on('timeout', () => request.destroy(new Error('It does not answer.')));
    request.on('error', reject);
  });
}

async function check(what: string, find: () => Promise<string>): Promise<Check> {
  try {
    return { what, ok: true, found: await find() };
  } catch (error) {
    return { what, ok: false, found: sentenceOf(error).replaceAll('\n', ' ') };
  }
}

/** A result to be asked for again and again, an error included. */
async function attempt<Value>(find: () => Promise<Value>): Promise<{ value: () => Promise<Value> }> {
  const found = find();
  await found.catch(() => undefined);
  return { value: () => found };
}
