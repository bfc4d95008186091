// Makes one merchant's noise, in a thread of its own, until it is told to stop.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Connection } from './connection.mjs';

/** A socket for each request of a burst is opened before, so many at once. */
const OPENED_AT_ONCE = 100;
/** What has not been answered so long after the end is left alone, unless it is said how long. */
const GRACE_MS = 5_000;
/** Whoever is further behind than this does not make up for it. */
const BEHIND_MS = 500;

/**
 * Starts the noise, one of:
 *   `{ kind: 'steady', connections, perSecond }` on each connection one request after the other, and all of them
 *   together no more than so many a second; `least`: it does not stop before so many were sent
 *   `{ kind: 'burst', connections, pauseMs }` a request on every connection at the same moment; again when all of them
 *   have been answered and the pause, counted from the moment, is over
 *   `{ kind: 'hang-up', connections, perSecond, least }` as steady, but each request ends in the middle of its body
 *   `{ kind: 'unread', connections }` a request on every connection, whose answer is not read
 * Gives back how to stop it, which resolves to what was answered, and how often: `{ '200': 12, '503 TIMEOUT': 3 }`.
 */
export async function startNoise(url, noise, requests) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, noise, requests } });
  const failed = new Promise((_, reject) => worker.once('error', reject));
  const next = () => new Promise((resolve) => worker.once('message', resolve));
  await Promise.race([next(), failed]);
  return {
    stop: () => {
      const answers = next();
      worker.postMessage('stop');
      return Promise.race([answers, failed]);
    },
  };
}

class Noise {
  #noise;
  #requests;
  #connections;
  #sent = 0;
  #answers = {};
  #isStopping = false;
  #hasLeft = false;

  constructor({ url, noise, requests }) {
    this.#noise = noise;
    this.#requests = requests.map((bytes) => Buffer.from(bytes));
    this.#connections = Array.from({ length: noise.connections }, () => new Connection(url));
  }

  /** Every connection is there before anything is sent. */
  async open() {
    for (let at = 0; at < this.#connections.length; at += OPENED_AT_ONCE) {
      const some = this.#connections.slice(at, at + OPENED_AT_ONCE);
      await Promise.all(some.map((connection) => connection.open()));
    }
  }

  stop() {
    this.#isStopping = true;
    setTimeout(() => this.#leave(), this.#noise.graceMs ?? GRACE_MS).unref();
  }

  #leave() {
    this.#hasLeft = true;
    for (const connection of this.#connections) connection.close();
  }

  async run() {
    const kinds = { steady: this.#steady, 'hang-up': this.#steady, burst: this.#burst, unread: this.#unread };
    await kinds[this.#noise.kind].call(this);
    this.#leave();
    return this.#answers;
  }

  #next() {
    return this.#requests[this.#sent++ % this.#requests.length];
  }

  #note({ status, code }) {
    const told = code === null ? `${status}` : `${status} ${code}`;
    const name = this.#hasLeft && status === 'cut' ? 'unanswered' : told;
    this.#answers[name] = (this.#answers[name] ?? 0) + 1;
  }

  get #isOver() {
    if (this.#hasLeft) return true;
    return this.#isStopping && this.#sent >= (this.#noise.least ?? 0);
  }

  async #steady() {
    const { perSecond, kind } = this.#noise;
    const start = performance.now();
    let turns = 0;
    await Promise.all(
      this.#connections.map(async (connection) => {
        while (!this.#isOver) {
          const due = start + (turns++ * 1_000) / perSecond;
          const ahead = due - performance.now();
          if (ahead < -BEHIND_MS) turns = Math.ceil(((performance.now() - start) * perSecond) / 1_000);
          await sleep(Math.max(0, ahead));
          if (this.#isOver) break;
          const bytes = this.#next();
          this.#note(await (kind === 'hang-up' ? connection.hangUp(bytes) : connection.send(bytes)));
        }
      }),
    );
  }

  async #burst() {
    while (!this.#isOver) {
      const begun = performance.now();
      await Promise.all(
        this.#connections.map(async (connection) => this.#note(await connection.send(this.#next()))),
      );
      // Those that the server hung up on are opened before the next moment.
      await this.open();
      while (!this.#isOver && performance.now() - begun < this.#noise.pauseMs) await sleep(20);
    }
  }

  async #unread() {
    for (const connection of this.#connections) await connection.leaveUnread(this.#next());
    this.#answers = { unread: this.#sent };
    while (!this.#isOver) await sleep(20);
  }
}

if (!isMainThread && workerData?.noise) {
  const noise = new Noise(workerData);
  parentPort.once('message', () => noise.stop());
  await noise.open();
  parentPort.postMessage('started');
  parentPort.postMessage(await noise.run());
}
