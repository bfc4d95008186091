import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withConnection } from '../db/single-connection.js';
import { findBinaries } from './binaries.js';
import { hasCode } from './child.js';
import { type Claim, claimDirectory } from './claim.js';
import { type Cluster, OWNER, openCluster } from './cluster.js';
import { boundLog } from './log.js';
import { choosePlace } from './place.js';
import { findServer, type Server, startServer, stopServer, waitUntilStarted } from './server.js';
import { FINGERPRINT, fingerprint, type Settings } from './settings.js';

export interface EmbeddedPostgres {
  /** Connection URL of the owner (a superuser) on the vault's database. It holds the password: never log it. */
  readonly ownerUrl: string;
  /** Sentences for the start-up output: what somebody who looks for the data or the programs has to know. */
  readonly notes: readonly string[];
  /** Stops the server and resolves when it is down and the data directory is free. Safe to call again. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The vault's data directory, absolute; made if missing. The cluster lives in `postgres` below it. */
  readonly dataDir: string;
  /** Server settings on top of the defaults, for example `{ fsync: 'off' }` in tests. */
  readonly settings?: Settings;
}

const DATABASE = 'vault';
const CONNECT_MS = 2_000;
/** Room for `create database` on a slow disk. */
const QUERY_MS = 10_000;
const START_ATTEMPTS = 5;
const STOP_SECONDS = 8;
/** Short, so that an orphan that hangs is replaced within 15 s: 2 to connect, 4, 6 for an immediate stop, the start. */
const ORPHAN_STOP_SECONDS = 4;

/**
 * Starts the PostgreSQL that comes with the product, on 127.0.0.1 and a free port, and makes its cluster and the
 * database `vault` the first time. A server that an earlier process left running on this data directory (after
 * `kill -9`) is taken over when it answers and has the same settings, and otherwise stopped and replaced.
 *
 * @throws Error when another living vault server uses the data directory, or PostgreSQL cannot be started; one
 *   sentence for a person. Nothing that exists is ever removed.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const notes: string[] = [];
  const settings = options.settings ?? {};
  const { fsync } = settings;
  const place = await choosePlace(options.dataDir, notes);
  const claim = await claimDirectory(place.home);
  try {
    const binaries = await findBinaries(place.account, notes);
    const cluster = await openCluster(place, binaries, fsync !== 'off');
    const endWatch = await boundLog(cluster.logFile);
    const server = await obtainServer(cluster, settings, notes);
    return {
      ownerUrl: toUrl(cluster, server, DATABASE),
      notes,
      stop: once(() => stop(cluster, claim, endWatch)),
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function stop(cluster: Cluster, claim: Claim, endWatch: () => void): Promise<void> {
  endWatch();
  try {
    await stopServer(cluster, STOP_SECONDS);
  } finally {
    await claim.release();
  }
}

function once<Value>(act: () => Promise<Value>): () => Promise<Value> {
  let done: Promise<Value> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}

async function obtainServer(cluster: Cluster, settings: Settings, notes: string[]): Promise<Server> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const server = (await adoptServer(cluster, settings, notes)) ?? (await startAnew(cluster, settings));
    if (server !== null) return server;
    await sleep(500);
  }
  throw new Error(`PostgreSQL did not start: ${cluster.place.cluster} or its port stays in use.`);
}

/** The server that an earlier process left, if it is fit for use; else null, and then it is not running any more. */
async function adoptServer(cluster: Cluster, settings: Settings, notes: string[]): Promise<Server | null> {
  if ((await findServer(cluster)) === null) return null;
  const orphan = await waitUntilStarted(cluster);
  if (orphan?.status === 'ready' && (await isFit(cluster, orphan, settings))) {
    notes.push('Took over the PostgreSQL server that an earlier process had left running.');
    return orphan;
  }
  await stopServer(cluster, ORPHAN_STOP_SECONDS);
  return null;
}

/** Fit: it answers to our password, serves this cluster, has the same settings, and has the database. */
async function isFit(cluster: Cluster, server: Server, settings: Settings): Promise<boolean> {
  const url = toUrl(cluster, server, DATABASE);
  const question = `select current_setting('data_directory') = $1 and current_setting('${FINGERPRINT}', true) = $2 as fit`;
  try {
    const [answer] = await query<{ fit: boolean }>(url, question, [
      cluster.place.cluster,
      fingerprint(cluster, settings),
    ]);
    return answer?.fit === true;
  } catch {
    return false;
  }
}

async function startAnew(cluster: Cluster, settings: Settings): Promise<Server | null> {
  const server = await startServer(cluster, settings);
  if (server === null) return null;
  try {
    await ensureDatabase(cluster, server);
    return server;
  } catch (error) {
    await stopServer(cluster, STOP_SECONDS);
    throw new Error(`PostgreSQL started but cannot be used: ${(error as Error).message}.`);
  }
}

/** Asked at every start: the first one may have been interrupted between the cluster and the database. */
async function ensureDatabase(cluster: Cluster, server: Server): Promise<void> {
  try {
    await query(toUrl(cluster, server, DATABASE), 'select 1');
  } catch (error) {
    const noSuchDatabase = '3D000';
    if (!hasCode(error, noSuchDatabase)) throw error;
    await query(toUrl(cluster, server, 'postgres'), `create database ${DATABASE}`);
  }
}

async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
  values: readonly string[] = [],
): Promise<Row[]> {
  const limits = { connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS };
  return withConnection({ connectionString, ...limits }, async (client) => {
    const { rows } = await client.query<Row>(sql, [...values]);
    return rows;
  });
}

function toUrl(cluster: Cluster, server: Server, database: string): string {
  return `postgresql://${OWNER}:${encodeURIComponent(cluster.password)}@127.0.0.1:${server.port}/${database}`;
}
