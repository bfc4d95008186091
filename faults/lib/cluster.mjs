// A PostgreSQL whose processes the rows may stop, kill and start again, with a vault server that uses it by
// DATABASE_URL.
import { execFile, spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { renewServerLogin } from '../../dist/db/server-login.js';
import { startEmbeddedPostgres } from '../../dist/embedded-postgres/embedded-postgres.js';
import { Server } from './server.mjs';

const run = promisify(execFile);

export class Cluster {
  #embedded;
  #directory;
  #command;
  #serverUrl;
  folder;
  /** Where the command line finds the database, as its owner, and its keys. */
  environment;
  server;

  /** @param environment of the server, beside what it needs to find its database and keys */
  static async start(folder, environment = {}) {
    const cluster = new Cluster();
    cluster.folder = folder;
    cluster.#embedded = await startEmbeddedPostgres({ dataDir: cluster.dataDir });
    cluster.#directory = join(cluster.dataDir, 'postgres');
    // The whole command line, each argument in quotes; it holds nothing that needs more than that.
    const line = await readFile(join(cluster.#directory, 'postmaster.opts'), 'utf8');
    const [program, ...args] = line.trim().split(/ (?=")/);
    cluster.#command = [program, args.map((argument) => argument.slice(1, -1))];
    const keyFile = join(folder, 'keys.json');
    cluster.environment = { PATH: process.env.PATH, DATABASE_URL: cluster.url, VAULT_KEY_FILE: keyFile };
    const isNew = await access(keyFile).then(
      () => false,
      () => true,
    );
    if (isNew) {
      await run(process.execPath, ['dist/cli/main.js', 'key-file', keyFile]);
      await cluster.#makeFirstMerchant();
    }
    cluster.#serverUrl = await renewServerLogin(cluster.url);
    await cluster.startServer(environment);
    return cluster;
  }

  /** As an operator does; the key goes to where an embedded first start would keep it. */
  async #makeFirstMerchant() {
    const { stdout } = await run(process.execPath, ['dist/cli/main.js', 'init', '--json'], {
      env: this.environment,
    });
    await mkdir(join(this.folder, 'vault'), { recursive: true });
    await writeFile(join(this.folder, 'vault', 'api-key'), JSON.parse(stdout).key, { mode: 0o600 });
  }

  async startServer(environment = {}) {
    this.server = new Server(join(this.folder, 'vault'), {
      ...this.environment,
      DATABASE_URL: this.#serverUrl,
      VAULT_OWNER_URL: this.url,
      VAULT_TOKENIZATION: 'sandbox',
      ...environment,
    });
    return this.server.ready();
  }

  /** The folder of PostgreSQL's files. */
  get dataDir() {
    return join(this.folder, 'cluster');
  }

  get url() {
    return this.#embedded.ownerUrl;
  }

  /** Sends one statement as the owner, over a connection of its own. */
  async query(text, values = []) {
    return queryAs(this.url, text, values);
  }

  async #postmaster() {
    return Number((await readFile(join(this.#directory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }

  /** Kills the process of one of the server's connections with SIGKILL. */
  async killBackend() {
    const { rows } = await this.query(
      `select pid from pg_stat_activity where application_name = 'customer-vault' limit 1`,
    );
    process.kill(rows[0].pid, 'SIGKILL');
  }

  /** Stops PostgreSQL as its administrator would, at once and cleanly. */
  async stopPostgres() {
    const pid = await this.#postmaster();
    process.kill(pid, 'SIGINT');
    while (await isAlive(pid)) await sleep(10);
  }

  async startPostgres() {
    const { uid, gid } = await stat(this.#directory);
    const [program, args] = this.#command;
    const account = process.getuid() === 0 ? { uid, gid } : {};
    spawn(program, args, { ...account, cwd: '/', detached: true, stdio: 'ignore' }).unref();
    for (;;) {
      const up = await this.query('select 1').then(
        () => true,
        () => false,
      );
      if (up) return;
      await sleep(10);
    }
  }

  /** Sends a signal to every process of PostgreSQL. */
  async signalAll(signal) {
    const postmaster = await this.#postmaster();
    for (const pid of [postmaster, ...(await childrenOf(postmaster))]) process.kill(pid, signal);
  }

  async stop() {
    await this.server?.end('SIGTERM');
    await this.#embedded.stop();
  }
}

export async function queryAs(url, text, values = []) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

export async function isAlive(pid) {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return line !== null && !/\) [ZX] /.test(line);
}

async function childrenOf(parent) {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  const stats = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')]),
  );
  return stats
    .filter(([, line]) => Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]) === parent)
    .map(([pid]) => pid);
}

/** The pid of the PostgreSQL on an embedded data directory; null when none runs. */
export async function postgresOn(dataDir) {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]) || 0;
  return pid > 0 && (await isAlive(pid)) ? pid : null;
}
