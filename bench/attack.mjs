// npm run bench:attack: what one merchant, A, can do to another, B, on one server. It needs nothing but a build, and
// fills A with many customers the first time (about two minutes for 200,000; they are kept in bench/.data).
//
// B's look-ups are sent at a pace. Windows with nothing but them take turns with windows in which A does one thing
// beside them; the p99 of each of these is compared with the median of the p99 of the four quiet windows next to it.
// Nothing is rounded up, and nothing is left out but the first second of every window, in which the senders start.
//
// 1. Bad requests of one kind each, 20 a second, the server's rate limit so high that none is refused for it. It also
//    shows the processor time that one bad request takes by itself.
// 2. What a noisy neighbour does who knows where the server is dear (lib/neighbour-kinds.mjs), the rate limits as they
//    are by default. It also shows what A and B were answered, and the server's memory.
//
//   --seconds 20  of each attack     --quiet 10  seconds between them     --good 200  look-ups of B a second
//   --bad 20  bad requests a second  --connections 8  that their sender has
//   --size 200000  customers of A
//   --only "fragments,digits"  kinds with these words; `neighbour` names all of the second part, and `neighbour-metrics`
//   one: they are called as in `npm run faults`
//   --out FILE  the tables, too      --write  the tables go into docs/security.md
//
// Senders, server and database share the processors: on two cores A's own sending takes some of B's time. So A is
// paced, where a flood would measure nothing but the generator (that is for rate limits and load shedding to answer),
// and its requests are bytes that were made beforehand, whose answers are hardly looked at. B and A are sent by threads
// of their own.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attacks } from './lib/attacks.mjs';
import { measureBadRequests } from './lib/bad-requests.mjs';
import { neighbourKinds } from './lib/neighbour-kinds.mjs';
import { inWords, notesOf, tableOf } from './lib/neighbour-table.mjs';
import { openNeighbourhood } from './lib/neighbourhood.mjs';
import { measureNeighbours } from './lib/neighbours.mjs';
import { HERE } from './lib/options.mjs';

const PAGE = join(HERE, '..', 'docs', 'security.md');
const HIGH_RATE = { VAULT_RATE_LIMIT: '1000000', LOG_LEVEL: 'info' };
const USUAL_RATE = { VAULT_RATE_LIMIT: undefined, LOG_LEVEL: 'info' };

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    seconds: text('20'),
    quiet: text('10'),
    good: text('200'),
    bad: text('20'),
    connections: text('8'),
    size: text('200000'),
    only: text(''),
    out: text(''),
    write: { type: 'boolean', default: false },
  },
});
const options = Object.fromEntries(
  ['seconds', 'quiet', 'good', 'bad', 'connections', 'size'].map((name) => [name, Number(values[name])]),
);
if (values.write && values.only)
  throw new Error('Only all rows together can be written: leave --only or --write out.');
const words = values.only.split(',').filter((word) => word !== '');
const isWanted = (name) => words.length === 0 || words.some((word) => name.includes(word));
const kinds = Object.entries(attacks).filter(([name]) => isWanted(name));
const neighbours = neighbourKinds.filter(({ id, title }) => isWanted(`neighbour-${id}`) || isWanted(title));
const tell = (line) => process.stderr.write(line);

const tables = {};
const hood = await openNeighbourhood({
  root: join(HERE, '..'),
  folder: join(HERE, '.data', `neighbours-${options.size}`),
  size: options.size,
  environment: kinds.length > 0 ? HIGH_RATE : USUAL_RATE,
});
try {
  if (kinds.length > 0) {
    const { table, notes } = await measureBadRequests(hood, kinds, options, tell);
    tables['bad requests'] = table;
    process.stdout.write(`${table}\n${notes}\n\n`);
    await hood.restart(USUAL_RATE);
  }
  if (neighbours.length > 0) {
    const rows = await measureNeighbours(hood, neighbours, options, (row, quiet) =>
      tell(`${inWords(row, quiet)}\n`),
    );
    tables.neighbours = tableOf(rows);
    process.stdout.write(`${tables.neighbours}\n${notesOf(rows)}\n`);
  }
} finally {
  await hood.cluster.stop();
}
if (values.out) await writeFile(values.out, `${Object.values(tables).join('\n\n')}\n`);
if (values.write) await writeTables();

/** Each table of the page stands between a comment with its name and one that says where it ends. */
async function writeTables() {
  let page = await readFile(PAGE, 'utf8');
  for (const [name, table] of Object.entries(tables)) {
    const [before, rest] = page.split(`<!-- ${name}: the last run -->`);
    const after = rest.slice(rest.indexOf('<!-- end -->'));
    page = `${before}<!-- ${name}: the last run -->\n\n${table}\n\n${after}`;
  }
  await writeFile(PAGE, page);
}
