import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { authenticator } from './access/authenticate.js';
import { checkKeyEncryptionKeys, isUnsealed } from './access/check-keys.js';
import { createFirstMerchant } from './access/first-merchant.js';
import { merchantKeyStore } from './access/merchant-key-store.js';
import type { Config } from './config.js';
import { Database } from './db/database.js';
import { startEmbeddedPostgres } from './db/embedded-postgres.js';
import { applyMigrations } from './db/migrations.js';
import { CountedQueries } from './db/queries.js';
import { assertRuntimeRole } from './db/runtime-role.js';
import { createLookAhead, createSchema } from './graphql/schema.js';
import { createGraphQLServer } from './graphql/server.js';
import { isLocalHost, landingPage } from './http/landing-page.js';
import { createHttpServer, type HttpOptions } from './http/server.js';
import { readPrivateFile, writePrivateFile } from './private-files.js';
import type { KeyEncryptionKeys } from './sealing/key-encryption-keys.js';
import { createKeyFile, KeyFileError, readKeyFile } from './sealing/key-file.js';
import { Keyring } from './sealing/keyring.js';
import { IdGenerator, type PaymentToken } from './shared/id.js';
import { sandboxProvider } from './tokenization/sandbox-provider.js';

/** A running vault. */
export interface App {
  /** Where it listens, for example http://127.0.0.1:4000. */
  readonly url: string;
  /** The first API key, when this start made it. */
  readonly firstKey: string | null;
  /** Sentences about where things are that are not where one would look for them. */
  readonly notes: readonly string[];
  /** Answers what has been accepted, then stops everything that was started. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const WRITE_CONNECTIONS = 10;
const READ_LANES = 3;

/**
 * Starts the vault: PostgreSQL, its tables, the keys, the first merchant, and the HTTP server.
 *
 * @throws KeyFileError, WrongKeys, MigrationError, or an Error whose message is one sentence for a person.
 */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const next of stops.splice(0).reverse()) await next();
  };
  try {
    const postgres = await openPostgres(config);
    stops.push(postgres.stop);
    await applyMigrations(postgres.ownerUrl, join(root, 'prisma', 'migrations'));
    const db = new Database({ url: postgres.ownerUrl, poolSize: WRITE_CONNECTIONS, readLanes: READ_LANES });
    stops.push(() => db.close());
    await assertRuntimeRole(db);
    const { http, firstKey } = await compose(config, db, log);
    stops.push(() => http.close());
    const url = await http.listen({ host: config.host, port: config.port });
    return { url, firstKey, notes: postgres.notes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openPostgres({ database, dataDir }: Config) {
  if (database.kind === 'url') return { ownerUrl: database.url, notes: [], stop: async () => {} };
  const postgres = await startEmbeddedPostgres({ dataDir });
  // For psql and Prisma Studio; the port changes from start to start.
  await writePrivateFile(join(dataDir, 'database-url'), `${postgres.ownerUrl}\n`);
  return postgres;
}

/** Picks the adapters and joins them to a server that does not listen yet. */
async function compose(
  config: Config,
  db: Database,
  log: Logger,
): Promise<{ http: FastifyInstance; firstKey: string | null }> {
  const now = () => new Date();
  const ids = new IdGenerator(now);
  const keyring = await openKeyring(config, db, now());
  const keyPath = join(config.dataDir, 'api-key');
  const firstKey = await createFirstMerchant({ db, keyring, ids, now }, (key) =>
    writePrivateFile(keyPath, `${key}\n`),
  );
  // Only where nobody but this machine can open the page may a key stand in it.
  const isPrivate = config.database.kind === 'embedded' && isLocalHost(config.host);
  const apollo = createGraphQLServer({
    schema: createSchema(join(root, 'schema'), config.tokenization === 'sandbox'),
    landingPage: landingPage(isPrivate ? await readPrivateFile(keyPath) : null),
    log,
  });
  await apollo.start();
  const contextOf = contextMaker(db, { keyring, ids, now, log });
  const http = await createHttpServer({
    apollo,
    contextOf,
    ping: () => db.ping(),
    localPageOnly: isPrivate,
    log,
  });
  http.addHook('onClose', () => apollo.stop());
  return { http, firstKey };
}

function contextMaker(
  db: Database,
  { keyring, ids, now, log }: { keyring: Keyring; ids: IdGenerator; now: () => Date; log: Logger },
): HttpOptions['contextOf'] {
  const authenticate = authenticator(db, now);
  const lookAhead = createLookAhead();
  return async ({ requestId, authorization }) => {
    const actor = await authenticate(authorization);
    const queries = new CountedQueries(db);
    const merchant =
      actor.kind === 'anonymous'
        ? null
        : { id: actor.merchantId, vault: await keyring.forMerchant(actor.merchantId) };
    const context = {
      requestId,
      actor,
      merchant,
      db: queries,
      provider: sandboxProvider,
      now,
      ids,
      newToken: () => randomUUID() as string as PaymentToken,
      log: log.child({ requestId }),
      lookAhead,
      trace: {},
    };
    return { context, statements: () => queries.statements };
  };
}

async function openKeyring(config: Config, db: Database, now: Date): Promise<Keyring> {
  const keys = await loadKeys(config, db);
  await checkKeyEncryptionKeys(db, keys, now);
  return new Keyring(keys, merchantKeyStore(db));
}

/** Reads the key file; only an embedded database that nothing was ever sealed in gets a new one. */
async function loadKeys({ database, keyFile }: Config, db: Database): Promise<KeyEncryptionKeys> {
  try {
    return await readKeyFile(keyFile);
  } catch (error) {
    const isMissing = error instanceof KeyFileError && error.fault === 'MISSING';
    if (isMissing && database.kind === 'embedded' && (await isUnsealed(db))) return createKeyFile(keyFile);
    throw error;
  }
}
