import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a process ended and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built server, `dist/main.js`, as a process of its own. */
export class ChildServer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  stdout = '';
  stderr = '';

  /** Starts it with this environment and nothing of ours. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, ['dist/main.js'], {
      env: { PATH: process.env['PATH'], PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (data) => {
      this.stdout += data;
    });
    this.#child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.#ended = once(this.#child, 'close');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The API key that the start announced; null when it announced none. */
  get announcedKey(): string | null {
    return /First API key .*: (sk_\S+)/.exec(this.stdout)?.[1] ?? null;
  }

  /** The address that signs a browser in, as the start has printed it; null when it has printed none. */
  get announcedLink(): string | null {
    return /Explore it at (\S+#key=\S+)/.exec(this.stdout)?.[1] ?? null;
  }

  /** Its URL, once it says that it is ready. */
  async ready(): Promise<string> {
    for (let waited = 0; waited < 20_000; waited += 20) {
      const url = /ready\. (?:Explore it|It answers) at (\S+)\//.exec(this.stdout)?.[1];
      if (url) return url;
      if (!this.isRunning) break;
      await sleep(20);
    }
    throw new Error(`The server did not become ready.\n${this.stdout}\n${this.stderr}`);
  }

  /** Waits until it has ended by itself. */
  async end(): Promise<Ended> {
    await this.#ended;
    return { code: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (this.isRunning) this.#child.kill(signal);
    return this.end();
  }
}

const servers: ChildServer[] = [];

/** Starts a server that `endServers` ends if the test does not. */
export function startServer(environment: Readonly<Record<string, string>>): ChildServer {
  const server = new ChildServer(environment);
  servers.push(server);
  return server;
}

/** Ends what `startServer` has started, and takes the data directories away. */
export async function endServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')));
  await removeDataDirectories();
}

const directories: string[] = [];

/** A path below a temporary folder that PostgreSQL's own user can reach; nothing is there yet. */
export async function aDataDirectory(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-process-'));
  directories.push(folder);
  await chmod(folder, 0o711);
  return join(folder, 'data');
}

/** Takes the data directories away again; a PostgreSQL that still runs on one is ended first. */
export async function removeDataDirectories(): Promise<void> {
  for (const folder of directories.splice(0)) {
    const pid = await postgresPid(join(folder, 'data'));
    if (pid !== null) process.kill(pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }
}

/** The process that serves a data directory; null when none does. */
export async function postgresPid(dataDir: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}
