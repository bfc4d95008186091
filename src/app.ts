import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { AccessRules } from './access/actions.js';
import { authenticator } from './access/authenticate.js';
import { CredentialCache } from './access/credential-cache.js';
import { KeyUsage } from './access/key-usage.js';
import { readKeptKey } from './api-keys/kept-key.js';
import type { Config } from './config/config.js';
import type { CustomerQueue } from './customer-queue/customer-queue.js';
import type { Database } from './db/database.js';
import { openDatabase } from './db/open-database.js';
import { checkKeyEncryptionKeys, isUnsealed } from './encryption/check-keys.js';
import { merchantKeyStore } from './encryption/merchant-key-store.js';
import type { Feature } from './feature.js';
import { features as allFeatures } from './features.js';
import { createPlanner } from './graphql/folded-features.js';
import { createSchema } from './graphql/schema.js';
import { createGraphQLServer } from './graphql/server.js';
import { readTrustedDocuments, type TrustedDocuments } from './graphql/trusted-documents.js';
import { Admission } from './http/admission.js';
import { addDashboard } from './http/dashboard.js';
import { GraphQLRoute } from './http/graphql-route.js';
import { type HostRule, hostRuleOf, isLoopback } from './http/host-rule.js';
import { listen } from './http/listen.js';
import { addPages } from './http/pages.js';
import { createRateLimits, type RateLimits } from './http/rate-limits.js';
import { contextMaker } from './http/request-context.js';
import { createHttpServer, type VaultServer } from './http/server.js';
import { sweepRecords } from './idempotency/sweep-records.js';
import { createFirstMerchant, hasMerchants } from './merchants/create-merchant.js';
import type { TokenizationProvider } from './providers/provider.js';
import { sandboxProvider } from './providers/sandbox/sandbox-provider.js';
import type { KeyEncryptionKeys } from './sealing/key-encryption-keys.js';
import { createKeyFile, KeyFileError, readKeyFile } from './sealing/key-file.js';
import { Keyring } from './sealing/keyring.js';
import { IdGenerator } from './shared/id.js';
import { writePrivateFile } from './shared/private-files.js';
import { StopSteps } from './shared/stop-steps.js';

/** A running vault. */
export interface App {
  /** Where it listens, for example http://127.0.0.1:4000. */
  readonly url: string;
  /** The first API key, when this start made it; only where the vault is tried out. */
  readonly firstKey: string | null;
  /** The API key that the address of the first page may carry; null: none. */
  readonly linkKey: string | null;
  /** Sentences that whoever starts the server has to know. */
  readonly notes: readonly string[];
  /** Answers what has been accepted, then stops everything that was started. False when a part of that failed. */
  stop(): Promise<boolean>;
  /** After a crash: stops the embedded PostgreSQL, which would go on alone, and nothing else. */
  abandon(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const now = () => new Date();
const WRITE_CONNECTIONS = 10;
// More of them would wake more of PostgreSQL's processes for the same work: ten for additions took a quarter more time.
const LANES = 3;
const SANDBOX_MERCHANT = { name: 'Sandbox merchant', mode: 'test' } as const;
const NO_MERCHANT =
  'There is no merchant yet: `npm run vault -- init` makes the first one and prints its key once.';

/**
 * Starts the vault: PostgreSQL, its tables, the keys, the first merchant, and the HTTP server.
 *
 * @throws KeyFileError, WrongKeys, MigrationError, UnfitDatabase, or an Error whose message is one sentence for a person.
 */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const stops = new StopSteps(log);
  try {
    const { db, notes, stopPostgres } = await openDatabase(
      {
        address: config.database,
        dataDir: config.dataDir,
        migrations: join(root, 'prisma', 'migrations'),
        poolSize: WRITE_CONNECTIONS,
        lanes: LANES,
        scans: config.scanConnections,
      },
      stops,
    );
    stops.add('sweep', sweepRecords(db, log));
    const { server, keyring, ids } = await prepare(config, db, log);
    stops.add('HTTP server', () => server.drain());
    const url = await listen(server.http, config);
    const first = await firstMerchant(config, { db, keyring, ids, now });
    return {
      url,
      ...first.keys,
      notes: [...notes, ...first.advice],
      stop: () => stops.run(),
      abandon: stopPostgres,
    };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/** Opens the keys and composes the server. */
async function prepare(
  config: Config,
  db: Database,
  log: Logger,
): Promise<{ server: VaultServer; keyring: Keyring; ids: IdGenerator }> {
  const keys = await loadKeys(config, db);
  await checkKeyEncryptionKeys(db, keys, now());
  const reload = () => readKeyFile(config.keyFile);
  const keyring = new Keyring(keys, merchantKeyStore(db), { reload });
  const ids = new IdGenerator(now);
  const { production, corsOrigins, trustedProxies, limits, search } = config;
  const file = config.trustedDocuments;
  const trustedDocuments = file === null ? null : readTrustedDocuments(file);
  const settings = { production, corsOrigins, trustedProxies, limits, search, trustedDocuments };
  const dashboard = config.dashboard ? join(root, 'dashboard', 'dist') : null;
  const server = await createServer({
    db,
    keyring,
    ids,
    now,
    log,
    hostRule: isForTrying(config) ? hostRuleOf(config.host) : null,
    dashboard,
    provider: sandboxProvider,
    rateLimits: createRateLimits(config.rateLimits, log),
    settings,
  });
  return { server, keyring, ids };
}

function isForTrying({ production, database }: Config): boolean {
  return !production && database.kind === 'embedded';
}

/** Makes the first merchant where the vault is tried out; once the server listens, so that its key is announced. */
async function firstMerchant(config: Config, maker: Parameters<typeof createFirstMerchant>[0]) {
  const keyPath = join(config.dataDir, 'api-key');
  if (!isForTrying(config)) {
    const advice = (await hasMerchants(maker.db)) ? [] : [NO_MERCHANT];
    return { keys: { firstKey: null, linkKey: null }, advice };
  }
  const first = await createFirstMerchant(maker, SANDBOX_MERCHANT, (key) =>
    writePrivateFile(keyPath, `${key}\n`),
  );
  const hasLink = config.dashboard && isLoopback(config.host) && typeof config.port === 'number';
  const linkKey = hasLink ? await readKeptKey(keyPath) : null;
  return { keys: { firstKey: first?.key ?? null, linkKey }, advice: [] };
}

/** What a server is made of. */
export interface ServerParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly ids: IdGenerator;
  readonly now: () => Date;
  readonly log: Logger;
  readonly provider: TokenizationProvider;
  readonly rateLimits: RateLimits;
  /** Null: it may be asked under any name. */
  readonly hostRule: HostRule | null;
  /** Folder of the built pages; null: none is served. */
  readonly dashboard: string | null;
  readonly settings: ServerSettings;
  /** All where they are left out; those of another provider are not served. */
  readonly features?: readonly Feature[];
  /** In which the mutations of one customer are carried out; a new one where it is left out. */
  readonly queue?: CustomerQueue;
}

/** What the server lets be seen and asked. */
export interface ServerSettings
  extends Pick<Config, 'production' | 'corsOrigins' | 'trustedProxies' | 'limits' | 'search'> {
  /** Null: any document may be run. */
  readonly trustedDocuments: TrustedDocuments | null;
}

/** Joins the adapters to a server that does not listen yet; tests give it theirs. */
export async function createServer(parts: ServerParts): Promise<VaultServer> {
  const { db, log, now, hostRule, dashboard, provider, rateLimits, settings } = parts;
  const { limits, production, corsOrigins, trustedProxies, trustedDocuments } = settings;
  const features = (parts.features ?? allFeatures).filter(
    (feature) => feature.provider === undefined || feature.provider === provider.name,
  );
  const schema = createSchema(join(root, 'schema'), features, parts.queue);
  const apollo = createGraphQLServer({
    schema,
    log,
    limits,
    hidesSchema: production,
    trustedDocuments,
  });
  await apollo.start();
  const usage = new KeyUsage(db, log);
  const cache = new CredentialCache(
    db,
    now,
    new AccessRules(features.map(({ access }) => access?.actions ?? {})),
  );
  const admission = new Admission(authenticator({ db, cache, usage, now }), rateLimits);
  const server = await createHttpServer({
    route: new GraphQLRoute(apollo),
    admission,
    contextOf: contextMaker(parts, createPlanner(features), (keyIds) => cache.forget(keyIds)),
    ping: () => db.ping(),
    measured: db,
    hostRule,
    corsOrigins,
    trustedProxies,
    limits,
    log,
  });
  const { http } = server;
  if (dashboard) {
    await addPages(http, dashboard);
    await addDashboard(http, dashboard, { sandbox: provider === sandboxProvider }, admission);
  }
  http.addHook('onClose', async () => {
    await apollo.stop();
    await usage.close();
    await rateLimits.close();
  });
  return server;
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
