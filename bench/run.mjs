// npm run bench: every workload on every server in turn, so many rounds, medians and ratios.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HERE, readOptions } from './lib/options.mjs';
import { knows, machineOf, measure, openSession } from './lib/session.mjs';
import { dialects, workloads } from './lib/workloads.mjs';
import { columns, judge, judgement, medianOf, rowsOf, toMarkdown, toTable } from './report.mjs';

const options = readOptions();
const names = options.only ?? Object.keys(dialects);
const chosen = options.workloads ?? Object.keys(workloads);
const session = await openSession(options, names);
const runs = new Map();
let machine;

try {
  machine = await machineOf(session);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const workload of chosen) await measureAll(workload, round);
  }
} finally {
  await session.close();
}

const medians = new Map([...runs].map(([key, results]) => [key, medianOf(results)]));
process.stdout.write(`${toTable(columns, rowsOf(medians, names, chosen))}\n\n`);
process.stdout.write(`${toTable(judgement, judge(medians))}\n`);
const out = options.out || (options.isComplete && join(HERE, '..', 'docs', 'benchmarks.md'));
if (out) await writeFile(out, toMarkdown({ medians, names, chosen, options, machine }));

async function measureAll(workload, round) {
  for (const server of turned(session.servers, round)) {
    if (!knows(server, workload)) continue;
    const result = await measure(session, server, workload, options);
    const key = `${workload} ${server.name}`;
    runs.set(key, [...(runs.get(key) ?? []), result]);
    process.stderr.write(`${round}: ${key} ${Math.round(result.perSecond)}/s\n`);
  }
}

/** Each round begins with another server, so that none always comes first. */
function turned(servers, round) {
  const by = (round - 1) % servers.length;
  return [...servers.slice(by), ...servers.slice(0, by)];
}
