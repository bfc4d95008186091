// Where the vault's own time goes: node profile.mjs --workloads W1,W2,W3 [--seconds 10]
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HERE, readOptions } from './lib/options.mjs';
import { measure, openSession } from './lib/session.mjs';

const FUNCTIONS = 45;
const CALLS = 110;
const MODULES = 25;
/** Microseconds between two looks at the stack. */
const INTERVAL = 1_000;

const options = readOptions({ workloads: 'W1,W2,W3' });

for (const workload of options.workloads) {
  const folder = join(HERE, '.data', `profile-${workload}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const nodeArguments = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL}`];
  const session = await openSession({ ...options, nodeArguments }, ['ours']);
  const result = await measure(session, session.servers[0], workload, options).finally(session.close);
  const [file] = await readdir(folder);
  const profile = JSON.parse(await readFile(join(folder, file), 'utf8'));
  print(workload, result, profile);
}

function print(workload, result, profile) {
  const { functions, modules, calls, total } = sumUp(profile, options.seconds);
  const perRequest = (time) => `${((time / total) * result.cpuMs * 1000).toFixed(0).padStart(6)} µs`;
  const line = ([name, time]) =>
    `${((time / total) * 100).toFixed(1).padStart(5)} % ${perRequest(time)}  ${name}`;
  process.stdout.write(
    [
      `\n${workload}: ${Math.round(result.perSecond)}/s, ${(result.cpuMs * 1000).toFixed(0)} µs of processor a request`,
      'by module',
      ...top(modules, MODULES).map(line),
      'by function, its own time',
      ...top(functions, FUNCTIONS).map(line),
      'by function, with all that it calls',
      ...top(calls, CALLS).map(line),
      '',
    ].join('\n'),
  );
}

/** Own time by function and by module, of the end of the profile, when the load was on; idle time left out. */
function sumUp({ nodes, samples, timeDeltas, endTime, startTime }, seconds) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const functions = new Map();
  const calls = new Map();
  const modules = new Map();
  let total = 0;
  let at = startTime;
  const from = endTime - seconds * 1e6;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index];
    const frame = byId.get(id);
    if (at < from || frame.functionName === '(idle)' || frame.functionName === '(root)') continue;
    const time = timeDeltas[index];
    total += time;
    add(functions, nameOf(frame), time);
    add(modules, moduleOf(frame), time);
    const onStack = new Set();
    for (let caller = id; caller !== undefined; caller = parents.get(caller))
      onStack.add(nameOf(byId.get(caller)));
    for (const name of onStack) add(calls, name, time);
  }
  return { functions, modules, calls, total };
}

function add(map, key, time) {
  map.set(key, (map.get(key) ?? 0) + time);
}

function moduleOf({ url, functionName }) {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:'))
    return `node: ${
      url
        .slice(5)
        .replace(/^internal\//, '')
        .split('/')[0]
    }`;
  const [, own] = /\/dist\/(?!.*\/node_modules\/)(.+)$/.exec(url) ?? [];
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  return dependency ?? (own ? `vault: ${own.split('/')[0]}` : url || '(native)');
}

function nameOf(frame) {
  return `${frame.functionName || '(anonymous)'} ${placeOf(frame)}`;
}

function placeOf({ url, lineNumber }) {
  return url ? `${url.replace(/^.*\/(node_modules|dist)\//, '')}:${lineNumber + 1}` : '';
}

function top(map, count) {
  return [...map].sort(([, a], [, b]) => b - a).slice(0, count);
}
