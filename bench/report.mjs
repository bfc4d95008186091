import { workloads } from './lib/workloads.mjs';

/** What the vault is measured against, as the least ratio in requests a second. */
const targets = {
  W1: { bare: 0.6, postgraphile: 2.5, mercurius: 1.8, yoga: 2.2 },
  W2: { bare: 0.5, postgraphile: 1.7, mercurius: 1.7, yoga: 2.2 },
  W3: { bare: 0.6, postgraphile: 2, mercurius: 1.3, yoga: 1.6 },
};

export const descriptions = {
  ours: 'the vault: values sealed, callers authenticated, limits on, a line in the log a request',
  bare: '`node:http` and `pg`, one prepared statement whose JSON PostgreSQL makes: the floor',
  postgraphile: 'PostGraphile 5 with its Amber preset',
  mercurius: 'Mercurius with compiled execution and loaders, `pg`',
  yoga: 'GraphQL Yoga with DataLoader, `pg`',
  'apollo-prisma': 'Apollo Server and Prisma as Prisma’s documentation shows them',
};

const missing = `All but the vault keep names, addresses and e-mails as plain text, serve one merchant without keys or
scopes, accept any value of the right type, bound no document, write no log, and search plain words. Where a server
has no number it does not serve the workload: PostGraphile makes no payment token resolve or link, and Prisma has
no search by words.`;

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

/** One row a workload and server: what was measured, as texts. */
export function rowsOf(medians, names, chosen) {
  return chosen.flatMap((workload) =>
    names.map((name) => [workload, name, ...cells(medians, workload, name)]),
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
  if (!own) return Array(columns.length - 2).fill('–');
  const bare = medians.get(`${workload} bare`);
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

export function toMarkdownTable(header, rows) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Each target with what was reached. */
export function judge(medians) {
  return Object.entries(targets).flatMap(([workload, against]) => {
    const ours = medians.get(`${workload} ours`);
    return Object.entries(against).flatMap(([name, target]) => {
      const other = medians.get(`${workload} ${name}`);
      if (!ours || !other) return [];
      const ratio = ours.perSecond / other.perSecond;
      return [[workload, name, `${target}`, ratio.toFixed(2), ratio >= target ? 'met' : 'missed']];
    });
  });
}

export const judgement = ['workload', 'against', 'at least', 'measured', ''];

/** `docs/benchmarks.md`. */
export function toMarkdown({ medians, names, chosen, options, machine }) {
  const { seconds, rounds, connections, size } = options;
  return [
    '# Benchmarks',
    `Written by \`npm run bench\`. ${machine}. The load generator, the server and PostgreSQL share the machine, so
read the ratios. ${size.toLocaleString('en')} customers with 2 addresses and 2 payment methods each; ${connections}
connections; ${seconds} s a run after a warm-up; ${rounds} rounds in turn, medians.`,
    '## Servers',
    names.map((name) => `- \`${name}\`: ${descriptions[name]}`).join('\n'),
    missing,
    '## Workloads',
    chosen.map((workload) => `- ${workload}: ${workloads[workload]}`).join('\n'),
    'Before anything is measured, the answers of all servers to W1, W2, W4 and W5 are compared and must be equal.',
    '## Results',
    'Processor and PostgreSQL: processor time a request in the server and in the database.',
    toMarkdownTable(columns, rowsOf(medians, names, chosen)),
    '## Targets',
    toMarkdownTable(judgement, judge(medians)),
    '',
  ].join('\n\n');
}
