// What one merchant does, and what another feels of it: the same noise as `npm run bench:attack` measures.
import { neighbourKinds } from '../../bench/lib/neighbour-kinds.mjs';
import { measureNeighbours, measureOne, watch } from '../../bench/lib/neighbours.mjs';

/** How much slower the other merchant's p99 may be; on a machine with nothing else to do. */
const MOST = 2;
/** In a test run there is something else to do: there an answer may take so long, … */
const SLOWEST_MS = 1_000;
/** … or, on a machine that is so busy, so many times as long as the slowest one in quiet. */
const MOST_OF_BUSY = 5;
/** A statement may take four seconds, and the numbers that tell may be a second old. */
const BACK_MS = 6_000;
/** How much more memory the server may hold than before; what it holds after a row it may keep for the next. */
const MEMORY_MB = 400;

const SHORT = { seconds: 1.5, good: 50, graceMs: 1_000 };
const LONG = { seconds: 8, quiet: 3, good: 100 };

const msOf = (time) => `${time.toFixed(1)} ms`;
const secondsOf = (time) => (time === null ? 'never' : `${(time / 1_000).toFixed(1)} s`);
const namesOf = (counts) => Object.keys(counts).join(', ');

/** A row for each kind of noise; they want merchants that are filled. */
export const neighbours = neighbourKinds.map((kind) => ({
  id: `neighbour-${kind.id}`,
  async run({ hood, isShort, slack }) {
    const { server } = hood.cluster;
    const before = server.unforeseen;
    const row = isShort
      ? await measureOne(hood, kind, SHORT)
      : (await measureNeighbours(hood, [kind], LONG))[0];
    const { under, after, back, memory, answers } = row;
    const windows = [under, ...(after ? [after] : [])];
    const ratio = Math.max(row.ratio ?? 0, row.ratioAfter ?? 0);
    const grown = memory.most - memory.before;
    const slowest = Math.max(...windows.map((window) => window.slowest));
    const allowed = isShort && slowest > SLOWEST_MS ? await allowedNow(hood) : SLOWEST_MS;
    const wrong = windows.filter(({ errors }) => errors > 0).map((window) => namesOf(window.wrong));
    const speed = isShort
      ? `the slowest answer in ${msOf(slowest)}`
      : `p99 ${msOf(under.p99)}, ${ratio.toFixed(2)} times the quiet one`;
    return [
      {
        id: `neighbour-${kind.id}`,
        fault: `a neighbour: ${kind.title}`,
        promise: `no error for another merchant, its p99 at most ${MOST} times the quiet one; all places free within ${secondsOf(BACK_MS)}; at most ${MEMORY_MB} MB more`,
        measured: `${speed}; free after ${secondsOf(back)}; ${memory.before} MB before, ${memory.most} at most; the neighbour got ${namesOf(answers)}`,
        broken: [
          ...(wrong.length === 0 ? [] : [`the other merchant got ${wrong.join(', ')}`]),
          ...(slowest <= allowed || !isShort ? [] : [`an answer took ${msOf(slowest)}`]),
          ...(ratio <= MOST ? [] : [`p99 grew to ${ratio.toFixed(2)} times`]),
          ...(back !== null && back <= BACK_MS * slack ? [] : [`places were free after ${secondsOf(back)}`]),
          ...(grown <= MEMORY_MB ? [] : [`the server held ${grown} MB more`]),
          ...(server.unforeseen === before ? [] : ['there was an error that nobody foresaw']),
        ],
      },
    ];
  },
}));

async function allowedNow(hood) {
  const { slowest } = await watch(hood, SHORT.seconds, SHORT.good);
  return Math.max(SLOWEST_MS, MOST_OF_BUSY * slowest);
}
