// Measures what bad requests of merchant A do to the good ones of merchant B: quiet windows take turns with others.
import { Agent } from 'node:http';
import { send, sendPaced } from './paced.mjs';
import { cpuOf, cpuOfPostgres } from './processes.mjs';
import { median, NEIGHBOURS, percentile, quietAround, settleOf } from './windows.mjs';

const GOOD_CONNECTIONS = 32;
/** The system counts processor time in hundredths of a second. */
const ALONE = 100;
const WARM_UP = 20;

const HEAD = [
  '| bad request | answer | a second | quiet p99, ms | p99 under attack, ms | ratio | Node µs each | PostgreSQL µs each |',
  '|---|---|---|---|---|---|---|---|',
];

/** Measures each kind; `options`: `seconds`, `quiet`, `good`, `bad`, `connections`, as on the command line. */
export async function measureBadRequests({ cluster, url, a, b }, kinds, options, tell) {
  const { seconds, quiet: between, good, bad, connections } = options;
  const headers = { authorization: `Bearer ${a.key}` };
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const goodFor = async (time) => {
    const own = { url, headers: { authorization: `Bearer ${b.key}` }, requests: b.requests };
    const pace = { perSecond: good, seconds: time, connections: GOOD_CONNECTIONS, settle: settleOf(time) };
    const { times, wrong } = await sendPaced({ ...own, ...pace });
    errors.push(...Object.entries(wrong).map(([code, count]) => `${code} (${count})`));
    return percentile(times, 99);
  };
  const badFor = (requests, time) =>
    sendPaced({ url, headers, requests, perSecond: bad, seconds: time, connections });
  const measured = [];
  const quiet = [];
  const errors = [];
  await goodFor(between);
  for (const [name, attack] of kinds) {
    const requests = [attack].flat();
    const cost = attack.slow ? null : await costOf({ cluster, url, agent, headers }, requests);
    quiet.push(await goodFor(between));
    const [under, answers] = await Promise.all([goodFor(seconds), badFor(requests, seconds)]);
    measured.push({ name, under, answers, cost });
    tell(`${name}: ${quiet.at(-1).toFixed(1)} ms quiet, ${under.toFixed(1)} ms under attack\n`);
  }
  for (let more = 0; more < NEIGHBOURS; more += 1) quiet.push(await goodFor(between));
  agent.destroy();
  const rows = measured.map((row, at) => ({ ...row, quiet: quietAround(quiet, at) }));
  return { table: [...HEAD, ...rows.map(rowOf)].join('\n'), notes: notesOf(rows, quiet, errors) };
}

function rowOf({ name, under, answers, cost, quiet }) {
  const times = [quiet.toFixed(1), under.toFixed(1), (under / quiet).toFixed(2)];
  const costs = [cost?.node.toFixed(0) ?? '', cost?.postgres.toFixed(0) ?? ''];
  return `| ${[name, answers.statuses.join(' '), answers.perSecond.toFixed(0), ...times, ...costs].join(' | ')} |`;
}

function notesOf(rows, quiet, errors) {
  const worst = Math.max(...rows.map(({ under, quiet: usual }) => under / usual));
  const [least, middle, most] = [Math.min(...quiet), median(quiet), Math.max(...quiet)].map((ms) =>
    ms.toFixed(1),
  );
  return `The worst ratio is ${worst.toFixed(2)}; ${worst <= 2 ? 'all are' : 'not all are'} within 2.
The p99 of the quiet windows: ${least}, ${middle}, ${most} ms (least, median, most).
Errors of B: ${errors.join(', ') || 'none'}.`;
}

/** The processor time of one bad request, in microseconds, while nobody sends anything else. */
async function costOf({ cluster, url, agent, headers }, requests) {
  let sent = 0;
  const sendSome = async (count) => {
    for (let at = 0; at < count; at += 1) {
      const attack = requests[sent++ % requests.length];
      await send(url, agent, { ...attack, headers: { ...headers, ...attack.headers } });
    }
  };
  const times = () => Promise.all([cpuOf(cluster.server.pid), cpuOfPostgres(cluster.dataDir)]);
  await sendSome(WARM_UP);
  const before = await times();
  await sendSome(ALONE);
  const [node, postgres] = (await times()).map((ms, at) => ((ms - before[at]) / ALONE) * 1_000);
  return { node, postgres };
}
