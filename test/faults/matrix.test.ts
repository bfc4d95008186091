import { execFile } from 'node:child_process';

interface Row {
  readonly id: string;
  readonly measured: string;
  readonly broken: readonly string[];
}

const MINUTES = 60_000;
const rows = [
  'kill-server',
  'orphan',
  'sigterm',
  'kill-backend',
  'postgres-away',
  'postgres-hangs',
  'pool-exhausted',
  'conflicts',
  'racing-defaults',
  'racing-key',
  'disk-full',
  'neighbour-counts',
  'neighbour-count-aliases',
  'neighbour-search-counts',
  'neighbour-many-words',
  'neighbour-search-burst',
  'neighbour-shopper',
  'neighbour-lists',
  'neighbour-metadata',
  'neighbour-unread',
  'neighbour-unkeyed',
  'neighbour-metrics',
  'neighbour-updates',
  'neighbour-keyed-updates',
  'neighbour-hang-ups',
  'neighbour-selections',
];

let output = '';
let results: readonly Row[] = [];

/** The short form of every row of `npm run faults`, in one run. */
beforeAll(async () => {
  output = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['faults/run.mjs', '--short', '--json'], (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  results = (JSON.parse(output.split('\n').at(0) ?? '') as { results: Row[] }).results;
}, 6 * MINUTES);

test.each(rows)('keeps its promise under the fault %s', (id) => {
  const row = results.find((result) => result.id === id);

  expect({ ...row, output: row ? '' : output }).toEqual(
    expect.objectContaining({ id, broken: [], output: '' }),
  );
});

test('foresees every error that comes of the faults', () => {
  expect(results.map(({ id }) => id).sort()).toEqual([...rows].sort());
});
