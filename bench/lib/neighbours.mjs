// Measures the customers of one merchant while another makes noise: quiet windows take turns with noisy ones.
import { setTimeout as sleep } from 'node:timers/promises';
import { startNoise } from './noise.mjs';
import { sendPaced } from './paced.mjs';
import { memoryOf } from './processes.mjs';
import { NEIGHBOURS, percentile, quietAround, settleOf } from './windows.mjs';

const CONNECTIONS = 32;
/** How long the server may take to be as it was; after that it is started anew. */
const RETURN_MS = 25_000;
const LOOK_MS = 100;

/** Measures each kind of noise; `options`: `seconds` of noise, `quiet` seconds, `good` requests of B a second. */
export async function measureNeighbours(hood, kinds, options, tell = () => undefined) {
  await watch(hood, options.quiet, options.good);
  const rows = [];
  const quiet = [];
  for (const kind of kinds) {
    quiet.push(await watch(hood, options.quiet, options.good));
    const row = await measureOne(hood, kind, options);
    rows.push(row);
    tell(row, quiet.at(-1));
  }
  for (let more = 0; more < NEIGHBOURS; more += 1) quiet.push(await watch(hood, options.quiet, options.good));
  return rows.map((row, at) => ({ ...row, ...comparedWith(quiet, at, row) }));
}

function comparedWith(quiet, at, { under, after }) {
  const of = (name) =>
    quietAround(
      quiet.map((window) => window[name]),
      at,
    );
  const [p50, p99] = [of('p50'), of('p99')];
  return { quiet: { p50, p99 }, ratio: under.p99 / p99, ratioAfter: after && after.p99 / p99 };
}

/** One kind of noise: what B saw, what A was told, how long it took to be over, and the server's memory. */
export async function measureOne(hood, kind, { seconds, good, graceMs }) {
  const memory = watchMemory(hood.cluster.server.pid);
  const noise = await startNoise(hood.url, { ...kind.noise, graceMs }, kind.requests(hood.a));
  const begun = performance.now();
  const under = await watch(hood, seconds, good);
  const answers = await noise.stop();
  const perSecond = sumOf(answers) / ((performance.now() - begun) / 1_000);
  const back = await untilQuiet(hood);
  const again = back === null ? undefined : hood.b[kind.afterwards];
  const after = again ? await watch(hood, seconds, good, again) : null;
  const megabytes = await memory.stop();
  // A server that does not come back would be measured in every row that follows.
  if (back === null) await hood.restart();
  return { kind, under, after, answers, perSecond, back, memory: megabytes };
}

/** A window of B's requests. */
export async function watch({ url, b }, seconds, good, requests = b.requests) {
  const headers = { authorization: `Bearer ${b.key}` };
  const pace = { url, headers, requests, perSecond: good, seconds, connections: CONNECTIONS };
  const { times, wrong } = await sendPaced({ ...pace, settle: settleOf(seconds) });
  const [p50, p99, slowest] = [50, 99, 100].map((hundredth) => percentile(times, hundredth));
  return { p50, p99, slowest, wrong, errors: sumOf(wrong) };
}

/** How long until B is served, and no place and no connection is taken; null: not in time. */
async function untilQuiet(hood) {
  const begun = performance.now();
  while (performance.now() - begun < RETURN_MS) {
    if ((await isServed(hood)) && (await isIdle(hood))) return performance.now() - begun;
    await sleep(LOOK_MS);
  }
  return null;
}

async function isServed({ url, b }) {
  const [{ body, expected }] = b.requests;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${b.key}` };
  const options = { method: 'POST', headers, body, signal: AbortSignal.timeout(RETURN_MS) };
  const answer = await fetch(`${url}/graphql`, options).then(
    (response) => response.text(),
    () => '',
  );
  return answer.startsWith(expected);
}

/** The request for the numbers themselves may be the one that is in flight. */
async function isIdle({ url, cluster }) {
  const options = { signal: AbortSignal.timeout(RETURN_MS) };
  const numbers = await fetch(`${url}/metrics`, options).then(
    (response) => response.text(),
    () => '',
  );
  const inFlight = /^vault_requests_in_flight (\d+)$/m.exec(numbers)?.[1];
  const { rows } = await cluster.query(
    `select count(*)::int as busy from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
       and state <> 'idle'`,
  );
  return inFlight !== undefined && Number(inFlight) <= 1 && rows[0].busy === 0;
}

/** Looks at a process's memory again and again. */
function watchMemory(pid) {
  let most = 0;
  const look = async () => {
    const { now } = await memoryOf(pid);
    most = Math.max(most, now ?? 0);
    return now ?? 0;
  };
  const first = look();
  const timer = setInterval(look, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      return { before: await first, after: await look(), most };
    },
  };
}

function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
