import { createHash } from 'node:crypto';
import type { Cluster } from './cluster.js';

export type Settings = Readonly<Record<string, string>>;

const DEFAULTS: Settings = {
  // Sized for a small machine that also runs the vault.
  max_connections: '60',
  shared_buffers: '128MB',
  // Short statements by key gain nothing from it, and its first compilation in a connection takes a tenth of a second.
  jit: 'off',
  // After a crash of one connection's process PostgreSQL recovers, and first writes all of its files out: one by one
  // it takes seconds on a busy disk. Only Linux can have them written at once.
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
  timezone: 'UTC',
  cluster_name: 'customer-vault',
  shared_preload_libraries: 'pg_stat_statements',
  // Utility statements are kept as they were written, and one of them may set a password.
  'pg_stat_statements.track_utility': 'off',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // The log names no value. An error's own first line may quote one (`invalid input syntax for type uuid: "…"`), and
  // the client gets that error anyway, so errors are left out; `log` still shows starts, stops, crashes and refusals.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_checkpoints: 'off',
};

/** What no caller may change: only this machine reaches the server, and only with the password. */
const FIXED: Settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };

/** The name under which a server tells what it was started with. */
export const FINGERPRINT = 'vault.fingerprint';

/** The arguments of `postgres`. They need no quoting: no shell sees them. */
export function toArguments(cluster: Cluster, settings: Settings, port: number): string[] {
  const all = {
    ...DEFAULTS,
    ...settings,
    ...FIXED,
    port: String(port),
    [FINGERPRINT]: fingerprint(cluster, settings),
  };
  return [
    '-D',
    cluster.place.cluster,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** Two servers with the same one were started by the same programs with the same settings, the port aside. */
export function fingerprint(cluster: Cluster, settings: Settings): string {
  const all = Object.entries({ ...DEFAULTS, ...settings, ...FIXED }).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([cluster.binaries.postgres, cluster.binaries.version, all]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
