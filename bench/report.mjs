import { baseOf, dialects, workloads } from './lib/workloads.mjs';

/** What the vault is measured against, as the least ratio in requests a second. */
const targets = {
  W1: { bare: 0.5, postgraphile: 2, yoga: 2, mercurius: 1.3 },
  W2: { bare: 0.4, 'bare-sealed': 0.5, postgraphile: 1.2, yoga: 1.5, mercurius: 1 },
  W3: { bare: 0.6, postgraphile: 1.5, yoga: 1.9, mercurius: 1.2 },
  W4: { bare: 0.55, yoga: 2.5, mercurius: 1.2 },
  W5: { bare: 0.65, postgraphile: 3, yoga: 1.5, mercurius: 1.2 },
  W6: { bare: 0.6, yoga: 1.5, mercurius: 1 },
  W7: { bare: 0.5, yoga: 1.9, mercurius: 1.3 },
};

const descriptions = {
  ours: 'the vault: values sealed, callers authenticated, limits on, a line in the log a request',
  bare: '`node:http` and `pg`, one prepared statement whose JSON PostgreSQL makes: the floor',
  'bare-sealed':
    '`node:http`, `pg` and libsodium on the vault’s own tables: it opens and seals the same values, makes the same hashes, and answers the same. The limit of what the vault promises',
  postgraphile: 'PostGraphile 5 with its Amber preset',
  mercurius: 'Mercurius with compiled execution and loaders, `pg`',
  'mercurius-uncompiled': 'the same without compiled execution: graphql-js, as in the vault',
  yoga: 'GraphQL Yoga with DataLoader, `pg`',
  'apollo-prisma': 'Apollo Server and Prisma as Prisma’s documentation shows them',
};

const missing = `All but \`ours\` and \`bare-sealed\` keep names, addresses and e-mails as plain text and search plain words. All
but the vault serve one merchant without keys or scopes, accept any value of the right type, bound no document and
write no log. Where a server has no number it does not serve the workload: PostGraphile makes no payment token resolve
or link, and Prisma has no search by words.`;

const checked = `Before anything is measured, the answers of all servers to W1, W2, W4 and W5 are compared and must be equal, and
so must be what \`ours\` and \`bare-sealed\` store for W3 and W6 once it is opened.`;

const howToRun = `\`npm run build\` once, then \`npm run bench\`: with no options it writes this page and takes about an hour.
\`npm run bench -- --size 2000 --seconds 3 --rounds 1 --only ours,bare --workloads W1,W2\` gives a first look;
\`--size\` customers, \`--seconds\` a run, \`--warm-up\` seconds before it, \`--rounds\`, \`--connections\`, \`--root\` another
checkout, built, whose server is measured, and \`--out\` a file for the page. \`node bench/profile.mjs --workloads W2\` shows
where the vault’s own time goes. The data is kept in \`bench/.data\`.`;

const fields = ['perSecond', 'p50', 'p99', 'bytes', 'statements', 'databaseMs', 'cpuMs'];

/** The median of several runs, value by value. */
export function medianOf(results) {
  const middle = (read) => {
    const sorted = results.map(read).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  const medians = Object.fromEntries(fields.map((field) => [field, middle((result) => result[field])]));
  return { ...medians, memory: middle(({ memory }) => memory.now ?? 0) };
}

/** One row a workload and server: what was measured, as texts. Another way to send a workload is only the vault's. */
export function rowsOf(medians, names, chosen) {
  return chosen.flatMap((workload) =>
    names
      .filter((name) => baseOf(workload) === workload || dialects[name].knows.includes(workload))
      .map((name) => [workload, name, ...cells(medians, workload, name)]),
  );
}

export const columns = [
  'workload',
  'server',
  'requests/s',
  'of bare',
  'the vault is',
  'p50 ms',
  'p99 ms',
  'statements',
  'processor µs',
  'PostgreSQL µs',
  'memory MB',
];

function cells(medians, workload, name) {
  const own = medians.get(`${workload} ${name}`);
  if (!own?.perSecond) return Array(columns.length - 2).fill('–');
  const bare = medians.get(`${baseOf(workload)} bare`);
  const ours = medians.get(`${workload} ours`);
  return [
    own.perSecond.toFixed(0),
    bare ? (own.perSecond / bare.perSecond).toFixed(2) : '–',
    ours && name !== 'ours' ? `${(ours.perSecond / own.perSecond).toFixed(2)}×` : '–',
    own.p50.toFixed(1),
    own.p99.toFixed(1),
    own.statements.toFixed(1),
    (own.cpuMs * 1000).toFixed(0),
    (own.databaseMs * 1000).toFixed(0),
    String(own.memory),
  ];
}

/** The rows as columns of text, for a terminal. */
export function toTable(header, rows) {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(line).join('\n');
}

function toMarkdownTable(header, rows) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const against = ['bare', 'bare-sealed', 'postgraphile', 'yoga', 'mercurius'];

export const judgement = ['workload', ...against.map((name) => `of ${name}`)];

/** One row a workload: what was reached of each target, and whether it was missed. */
export function judge(medians) {
  return Object.entries(targets)
    .filter(([workload]) => medians.has(`${workload} ours`))
    .map(([workload, least]) => [
      workload,
      ...against.map((name) => verdict(medians, workload, name, least[name])),
    ]);
}

function verdict(medians, workload, name, target) {
  const other = medians.get(`${workload} ${name}`);
  if (!other?.perSecond) return target ? `not measured (≥ ${target})` : '–';
  const ratio = medians.get(`${workload} ours`).perSecond / other.perSecond;
  if (!target) return ratio.toFixed(2);
  return ratio >= target
    ? `${ratio.toFixed(2)} (≥ ${target})`
    : `**${ratio.toFixed(2)}, missed** (≥ ${target})`;
}

/** `docs/benchmarks.md`. */
export function toMarkdown({ medians, names, chosen, options, machine }) {
  const { seconds, rounds, connections, size } = options;
  return [
    '# Benchmarks',
    `Written by \`npm run bench\`. ${machine}. The load generator, the server and PostgreSQL share the machine, so
read the ratios. ${size.toLocaleString('en')} customers with 2 addresses and 2 payment methods each; ${connections}
connections; ${seconds} s a run after a warm-up; ${rounds} rounds in turn, medians.`,
    '## How to run it',
    howToRun,
    '## Servers',
    names.map((name) => `- \`${name}\`: ${descriptions[name]}`).join('\n'),
    missing,
    '## Workloads',
    chosen.map((workload) => `- ${workload}: ${workloads[workload]}`).join('\n'),
    checked,
    '## Targets',
    'The vault’s requests a second as a share of each server’s; in parentheses the least that was aimed for.',
    toMarkdownTable(judgement, judge(medians)),
    '## Results',
    `Processor and PostgreSQL: processor time a request in the server and in the database. W1-hash, W3-key and W6-key,
which only the vault knows, stand beside the bare server’s W1, W3 and W6.`,
    toMarkdownTable(columns, rowsOf(medians, names, chosen)),
    '',
  ].join('\n\n');
}
