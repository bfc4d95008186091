import type pg from 'pg';
import { connectionTo } from './session-settings.js';

/** For how long anything waits for a free or a new connection, or for its share, in milliseconds. */
export const PATIENCE_MS = 2_000;

// PostgreSQL ends a statement before we give its connection up: ours is for a PostgreSQL that hangs. With a wait
// before it, every call is answered within 6 s.
const CLIENT_LIMIT_MS = 3_500;
const STATEMENT_LIMIT_MS = 3_000;
const SCAN_LIMIT_MS = 2_000;

const SESSION = [
  '-c role=vault_runtime',
  '-c lock_timeout=2000',
  '-c idle_in_transaction_session_timeout=10000',
  // One connection is one process: a count shall not take others for its share.
  '-c max_parallel_workers_per_gather=0',
  // Its compilation of a long statement takes longer than the statement.
  '-c jit=off',
];

/** The ways of connecting: `usual` for what is short, `scanning` for what may not be, `pipelined` for lanes. */
export interface Connections {
  readonly usual: pg.PoolConfig;
  readonly scanning: pg.PoolConfig;
  readonly pipelined: pg.ClientConfig;
  /** For how long a lane may be silent, in milliseconds. */
  readonly silence: number;
}

/** How to connect to the vault's database, as a login that may take the role `vault_runtime`. */
export function connectionsTo(url: string, schema?: string): Connections {
  const sessionOf = (limit: number) =>
    connectionTo(url, [...SESSION, `-c statement_timeout=${limit}`], schema);
  const connection = {
    application_name: 'customer-vault',
    connectionTimeoutMillis: PATIENCE_MS,
  };
  const short = { ...connection, ...sessionOf(STATEMENT_LIMIT_MS) };
  return {
    // Pipelined, so that a transaction can send several statements at once.
    usual: { ...short, query_timeout: CLIENT_LIMIT_MS, pipeline: true },
    scanning: { ...connection, ...sessionOf(SCAN_LIMIT_MS), query_timeout: CLIENT_LIMIT_MS },
    // Their clock is the lane's own: pg's would run while a statement waits behind others.
    pipelined: short,
    silence: CLIENT_LIMIT_MS,
  };
}
