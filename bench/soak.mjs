// npm run soak: what the vault holds in memory while W7 goes on for minutes.
import { readOptions } from './lib/options.mjs';
import { measure, openSession } from './lib/session.mjs';
import { toTable } from './report.mjs';

/** Requests are prepared ahead, so the time is cut into slices with a breath between them. */
const SLICE_SECONDS = 30;
const LIMIT_MB = 250;

const options = readOptions();
const session = await openSession(options, ['ours']);
const rows = [];
try {
  const slices = Math.max(1, Math.round((options.minutes * 60) / SLICE_SECONDS));
  for (let slice = 1; slice <= slices; slice += 1) {
    const times = { warmUp: 0.5, seconds: SLICE_SECONDS, connections: options.connections };
    const { memory, perSecond, p99 } = await measure(session, session.servers[0], 'W7', times);
    rows.push([
      `${(slice * SLICE_SECONDS) / 60}`,
      `${memory.now}`,
      `${memory.peak}`,
      perSecond.toFixed(0),
      p99.toFixed(0),
    ]);
    process.stderr.write(`${rows.at(-1).join(' ')}\n`);
  }
} finally {
  await session.close();
}
process.stdout.write(`${toTable(['minutes', 'memory MB', 'peak MB', 'requests/s', 'p99 ms'], rows)}\n`);
const peak = Math.max(...rows.map(([, , megabytes]) => Number(megabytes)));
process.stdout.write(`The peak of ${peak} MB is ${peak < LIMIT_MB ? 'below' : 'above'} ${LIMIT_MB} MB.\n`);
