import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type ServerSettings } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import type { RateLimitOptions } from '../../src/config/limits.js';
import type { CustomerQueue } from '../../src/customer-queue/customer-queue.js';
import { Database } from '../../src/db/database.js';
import { rememberKeys } from '../../src/encryption/check-keys.js';
import { merchantKeyStore } from '../../src/encryption/merchant-key-store.js';
import type { Feature } from '../../src/feature.js';
import type { HostRule } from '../../src/http/host-rule.js';
import { createRateLimits } from '../../src/http/rate-limits.js';
import { createLog } from '../../src/log.js';
import { createMerchant } from '../../src/merchants/create-merchant.js';
import type { TokenizationProvider } from '../../src/providers/provider.js';
import { sandboxProvider } from '../../src/providers/sandbox/sandbox-provider.js';
import { KeyEncryptionKeys } from '../../src/sealing/key-encryption-keys.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { IdGenerator } from '../../src/shared/id.js';
import { Client } from './client.js';
import { serverUrlOf, workerDatabaseUrl } from './database.js';

/** A whole server on this worker's database, reached over HTTP, with two merchants who know nothing of each other. */
export interface TestVault {
  readonly url: string;
  /** URL of the database's owner, to look behind the API. */
  readonly databaseUrl: string;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly owner: Client;
  readonly ownerId: string;
  readonly stranger: Client;
  /** What the server has logged so far. */
  readonly logged: () => string;
  close(): Promise<void>;
}

export interface TestVaultOptions {
  readonly now?: () => Date;
  readonly provider?: TokenizationProvider;
  /** All where they are left out. */
  readonly features?: readonly Feature[];
  /** With the tables in it; this worker's own when it is left out. */
  readonly databaseUrl?: string;
  readonly limits?: Partial<RateLimitOptions>;
  /** In which the mutations of one customer are carried out. */
  readonly queue?: CustomerQueue;
  /** Of another vault on the same database, for a second server beside it. */
  readonly keyring?: Keyring;
  /** Folder of a built dashboard; without it none is served. */
  readonly dashboard?: string;
  /** Under which names it may be asked; any when it is left out. */
  readonly hostRule?: HostRule;
  /** What differs from the settings of a start without any. */
  readonly settings?: Partial<ServerSettings>;
}

/** So that no test meets a limit that it does not ask for. */
const generous: RateLimitOptions = {
  perSecond: 100_000,
  burst: 100_000,
  wrongKeysPerMinute: 100_000,
  anonymousPerSecond: 100_000,
  anonymousBurst: 100_000,
  redisUrl: null,
};

/** Starts a vault; call `close` when the file's tests are done. */
export async function startVault(options: TestVaultOptions = {}): Promise<TestVault> {
  const { now = () => new Date(), provider = sandboxProvider, dashboard = null, hostRule = null } = options;
  const databaseUrl = options.databaseUrl ?? (await workerDatabaseUrl());
  const database = new Database({ url: serverUrlOf(databaseUrl), poolSize: 10, lanes: 3, scans: 10 });
  // An id of its own: the database may have seen the keys of another test file.
  const keyId = randomBytes(4).toString('hex');
  const keys = new KeyEncryptionKeys(keyId, new Map([[keyId, randomBytes(32)]]));
  await rememberKeys(database, keys, now());
  const keyring = options.keyring ?? new Keyring(keys, merchantKeyStore(database));
  const ids = new IdGenerator(now);
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const settings = { ...readConfig({}), trustedDocuments: null, ...options.settings };
  const { http } = await createServer({
    db: database,
    keyring,
    ids,
    now,
    log,
    provider,
    hostRule,
    dashboard,
    rateLimits: createRateLimits({ ...generous, ...options.limits }, log),
    settings,
    ...(options.features && { features: options.features }),
    ...(options.queue && { queue: options.queue }),
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  const making = { db: database, keyring, ids, now };
  const owner = await createMerchant(making, { name: 'Owner', mode: 'test' });
  const stranger = await createMerchant(making, { name: 'Stranger', mode: 'test' });
  return {
    url,
    databaseUrl,
    database,
    keyring,
    owner: new Client(url, { authorization: `Bearer ${owner.key}` }),
    ownerId: owner.id,
    stranger: new Client(url, { authorization: `Bearer ${stranger.key}` }),
    logged: () => lines.join(''),
    close: async () => {
      await http.close();
      await database.close();
    },
  };
}
