// Sends requests at a pace, in a thread of its own: what one kind of traffic costs to send must not delay another.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { codeIn } from './connection.mjs';

const SLOW_MS = 1_000;
/** Longer than the server takes for any answer. */
const TIMEOUT_MS = 30_000;

/**
 * Sends `perSecond` requests for so many seconds, one after the other of `requests`, whether or not those before have
 * been answered. A request may say in `expected` how the answer begins: such a one waits where it finds all
 * `connections` taken, and its time with it; any other is left out. Resolves to the milliseconds of each answer, those
 * to requests of the first `settle` seconds left out, the statuses that were seen, sorted, and how often what came
 * instead of what was expected.
 */
export async function sendPaced(pace) {
  const worker = new Worker(new URL(import.meta.url), { workerData: pace });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Sends one request and reads its answer; `cut` where the server hung up instead. */
export function send(url, agent, { body, headers = {} }) {
  return new Promise((resolve) => {
    const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('close', () => resolve({ status: response.statusCode, text }));
    });
    // A server may hang up on a body that it does not take.
    sent.on('error', () => resolve({ status: 'cut', text: '' }));
    sent.setTimeout(TIMEOUT_MS, () => sent.destroy());
    sent.end(body);
  });
}

/** Begins a request and leaves after a second. */
async function dribble(url, head) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(head);
  await sleep(SLOW_MS);
  socket.destroy();
  return { status: 'left' };
}

async function run({ url, headers, requests, perSecond, seconds, connections, settle = 0 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const [times, statuses, open] = [[], new Set(), new Map()];
  const wrong = {};
  let answers = 0;
  const start = performance.now();
  for (let at = 0; at < perSecond * seconds; at += 1) {
    await sleep(Math.max(0, start + (at * 1_000) / perSecond - performance.now()));
    const next = requests[at % requests.length];
    if (open.size >= connections && !next.expected) continue;
    const begun = performance.now();
    const note = () => begun - start >= settle * 1_000 && times.push(performance.now() - begun);
    const sent = next.slow
      ? dribble(url, next.slow)
      : send(url, agent, { ...next, headers: { ...headers, ...next.headers } });
    const one = sent.then(({ status, text }) => {
      answers += 1;
      if (next.expected && !text.startsWith(next.expected)) count(wrong, codeIn(text) ?? status);
      note();
      statuses.add(status);
      open.delete(one);
    });
    open.set(one, note);
  }
  await Promise.race([Promise.all(open.keys()), sleep(TIMEOUT_MS, undefined, { ref: false })]);
  for (const note of open.values()) {
    count(wrong, 'NO_ANSWER');
    note();
  }
  agent.destroy();
  return {
    times,
    statuses: [...statuses].sort(),
    wrong,
    perSecond: answers / ((performance.now() - start) / 1_000),
  };
}

function count(into, name) {
  into[name] = (into[name] ?? 0) + 1;
}

if (!isMainThread && workerData?.requests) parentPort.postMessage(await run(workerData));
