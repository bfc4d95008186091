// The built server as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.mjs';

const READY_MS = 30_000;
/** How the log's line of a request begins. */
const REQUEST = '{"level":30,';
/** As `npm start` does. */
const START = ['--heap-growing-percent=100', 'dist/main.js'];

export class Server {
  #child;
  #ended;
  #dataDir;
  output = '';

  constructor(dataDir, environment = {}) {
    this.#dataDir = dataDir;
    this.#child = spawn(process.execPath, START, {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        LOG_LEVEL: 'error',
        VAULT_RATE_LIMIT: '1000000',
        VAULT_DATA_DIR: dataDir,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const input of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        // What it says of itself, and of errors; a line for each request would fill the memory.
        if (!line.startsWith(REQUEST)) this.output += `${line}\n`;
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  get pid() {
    return this.#child.pid;
  }

  /** A client with the first API key, once the server is ready. */
  async ready() {
    for (let waited = 0; waited < READY_MS; waited += 10) {
      const url = /ready\. Explore it at (\S+)\//.exec(this.output)?.[1];
      if (url) {
        const key = await readFile(`${this.#dataDir}/api-key`, 'utf8');
        return new Client(url, key.trim());
      }
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) break;
      await sleep(10);
    }
    throw new Error(`The server did not become ready:\n${this.output}`);
  }

  /** Sends a signal and resolves with the exit code and the time until the process had ended. */
  async end(signal) {
    const begin = performance.now();
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    await this.#ended;
    return { code: this.#child.exitCode, took: performance.now() - begin };
  }

  /** How many errors the server did not foresee. */
  get unforeseen() {
    return this.output.split('unforeseen error').length - 1;
  }
}
