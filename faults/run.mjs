// npm run faults: breaks things around the built server and measures whether it keeps its promises.
//   --short         a short form of every row, as in `npm test`
//   --only A,B      only these rows; `neighbour` is all of those
//   --seed N        the schedule of another run
//   --json          the result as JSON
//   --size N        customers of the merchant that is a noisy neighbour
//   --write         the table goes into docs/reliability.md
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openNeighbourhood } from '../bench/lib/neighbourhood.mjs';
import { Cluster } from './lib/cluster.mjs';
import { randomFrom } from './lib/random.mjs';
import { hang, killBackend, stopPostgres } from './rows/database-away.mjs';
import { diskFull } from './rows/disk-full.mjs';
import { killServer } from './rows/kill-server.mjs';
import { neighbours } from './rows/neighbours.mjs';
import { conflicts, poolExhausted, racingDefaults, racingKey } from './rows/pressure.mjs';
import { sigterm } from './rows/stop.mjs';

const PAGE = 'docs/reliability.md';
/** Customers of a noisy neighbour; in the short form a few, each many times over. */
const SIZE = 50_000;
const SHORT = { size: 1_000, copies: 49 };

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
    size: { type: 'string' },
  },
});
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
const log = (line) => options.json || console.log(line);
log(`seed ${seed}`);

// On a cluster that the rows may stop and fill; the others start an embedded one of their own.
const shared = [
  killBackend,
  stopPostgres,
  hang,
  poolExhausted,
  conflicts,
  racingDefaults,
  racingKey,
  diskFull,
];
const names = options.only?.split(',') ?? [];
const isWanted = ({ id }) =>
  names.length === 0 ||
  names.some((name) => id === name || (name === 'neighbour' && id.startsWith('neighbour-')));
const folder = await mkdtemp(join(tmpdir(), 'vault-faults-'));
await chmod(folder, 0o711);
// In a test run the row shares the processor with other tests: the time for a return, which PostgreSQL's own recovery
// takes most of, counts twice there. The long form takes every promise at its word.
const slack = options.short ? 2 : 1;
const context = { folder, random: randomFrom(seed), isShort: options.short, slack, log };
const results = [];
const begin = performance.now();

/** A row that throws has broken its promise, too. */
async function measure(row, more = {}) {
  const started = performance.now();
  const rows = await row.run({ ...context, ...more }).catch((error) => [
    {
      id: row.id,
      fault: row.id,
      promise: '',
      measured: 'it could not be measured',
      broken: [String(error)],
    },
  ]);
  results.push(...rows);
  for (const { fault, measured, broken } of rows) {
    log(
      `${broken.length === 0 ? '✓' : '✗'} ${fault}: ${measured} (${Math.round((performance.now() - started) / 1_000)} s)`,
    );
    for (const sentence of broken.slice(0, 20)) log(`    ${sentence}`);
  }
}

try {
  for (const row of [killServer, sigterm].filter(isWanted)) await measure(row);
  const wanted = shared.filter(isWanted);
  if (wanted.length > 0) await withCluster(wanted);
  const noisy = neighbours.filter(isWanted);
  if (noisy.length > 0) await withNeighbours(noisy);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function withCluster(rows) {
  const cluster = await Cluster.start(folder);
  try {
    for (const row of rows) await measure(row, { cluster, client: await cluster.server.ready() });
    const { unforeseen } = cluster.server;
    if (unforeseen > 0) {
      const fault = 'everything above';
      results.push({
        id: 'unforeseen',
        fault,
        promise: 'no unforeseen error',
        measured: `${unforeseen}`,
        broken: ['there were some'],
      });
      log(`✗ ${unforeseen} errors that nobody foresaw:\n${cluster.server.output}`);
    }
  } finally {
    await cluster.stop();
  }
}

/** On a server of their own, with filled merchants and the rate limits that it has by default. */
async function withNeighbours(rows) {
  const hood = await openNeighbourhood({
    root: process.cwd(),
    folder: join(folder, 'neighbours'),
    ...(options.short ? SHORT : { size: Number(options.size ?? SIZE) }),
    environment: { VAULT_RATE_LIMIT: undefined },
  });
  try {
    for (const row of rows) await measure(row, { hood });
  } finally {
    await hood.cluster.stop();
  }
}

const broken = results.filter((row) => row.broken.length > 0).length;
const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
if (options.json) console.log(JSON.stringify({ seed, results }));
const table = [
  '| fault | promise | measured |',
  '|---|---|---|',
  ...results.map(({ fault, promise, measured }) => `| ${fault} | ${promise} | ${measured} |`),
].join('\n');
log(
  `\n${table}\n\n${results.length - broken} of ${results.length} promises kept, in ${minutes} minutes, seed ${seed}`,
);
if (options.write) {
  const page = await readFile(PAGE, 'utf8');
  const [head] = page.split('<!-- the last run -->');
  await writeFile(PAGE, `${head}<!-- the last run -->\n\n${table}\n\nSeed ${seed}, ${minutes} minutes.\n`);
}
process.exitCode = broken === 0 ? 0 : 1;
