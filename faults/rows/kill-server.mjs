import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokenPromises } from '../lib/checks.mjs';
import { isAlive, postgresOn } from '../lib/cluster.mjs';
import { Ledger } from '../lib/ledger.mjs';
import { between } from '../lib/random.mjs';
import { Server } from '../lib/server.mjs';

const ADOPTED_WITHIN_MS = 15_000;

/** Kills the server of an embedded PostgreSQL again and again under eight writers. Two promises are measured by it. */
export const killServer = {
  id: 'kill-server',
  async run({ folder, random, isShort, log }) {
    const dataDir = join(folder, 'kill-server');
    const { kills, writes } = isShort ? { kills: 2, writes: 120 } : { kills: 20, writes: 2_000 };
    const ledger = new Ledger(random);
    const fleet = new Fleet(dataDir);
    await fleet.start();
    const writing = ledger.write(writes, fleet.clientNow);
    const restarts = [];
    const pids = new Set();
    for (let kill = 1; kill <= kills; kill += 1) {
      const at = Math.floor((writes * kill) / (kills + 1)) - between(random, 0, 5);
      while (ledger.acknowledged < at) await sleep(2);
      pids.add(await postgresOn(dataDir));
      restarts.push(await fleet.replace());
      log(
        `kill ${kill} of ${kills} after ${ledger.acknowledged} writes, back in ${Math.round(restarts.at(-1))} ms`,
      );
    }
    await writing;
    const url = (await readFile(join(dataDir, 'database-url'), 'utf8')).trim();
    const broken = await brokenPromises(url, ledger);
    const own = await postgresOn(dataDir);
    const others = await Promise.all([...pids].filter((pid) => pid !== null && pid !== own).map(isAlive));
    const { code } = await fleet.server.end('SIGTERM');
    const slowest = Math.max(...restarts);
    const adopted = restarts.filter((took) => took < ADOPTED_WITHIN_MS).length;
    const isAlone = !others.includes(true) && code === 0 && (await postgresOn(dataDir)) === null;
    return [
      {
        id: 'kill-server',
        fault: 'kill -9 the server under writes',
        promise: 'every acknowledged write is there, no half-made customer, indexes sound',
        measured: `${ledger.acknowledged} writes by 8 writers over ${kills} kills: ${broken.length} broken promises`,
        broken,
      },
      {
        id: 'orphan',
        fault: 'kill -9 the process that started the embedded PostgreSQL',
        promise: 'the next start adopts or replaces the orphan within 15 s; one server on the data',
        measured: `${adopted} of ${kills} starts, the slowest in ${seconds(slowest)}`,
        broken: [
          ...(adopted === kills ? [] : [`${kills - adopted} starts took longer`]),
          ...(isAlone ? [] : ['a PostgreSQL was left']),
          ...(fleet.unforeseen === 0 ? [] : [`${fleet.unforeseen} errors that nobody foresaw`]),
        ],
      },
    ];
  },
};

/** One server after the other on one data directory. */
class Fleet {
  #dataDir;
  server;
  unforeseen = 0;
  /** Gives the client of the server that runs; while there is none, whoever asks waits. */
  clientNow;

  constructor(dataDir) {
    this.#dataDir = dataDir;
    this.clientNow = async () => {
      while (!this.clientNow.current) await sleep(5);
      return this.clientNow.current;
    };
  }

  async start() {
    this.server = new Server(this.#dataDir);
    this.clientNow.current = await this.server.ready();
  }

  /** Kills the server and starts the next; resolves to how long that one took to be ready. */
  async replace() {
    await this.server.end('SIGKILL');
    this.clientNow.current = null;
    this.unforeseen += this.server.unforeseen;
    const begin = performance.now();
    await this.start();
    return performance.now() - begin;
  }
}

function seconds(milliseconds) {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
