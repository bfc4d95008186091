import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The folder of the benchmarks. */
export const HERE = dirname(dirname(fileURLToPath(import.meta.url)));

const text = (value) => ({ type: 'string', default: value });

const known = {
  seconds: text('10'),
  'warm-up': text('3'),
  rounds: text('3'),
  connections: text('32'),
  size: text('100000'),
  sizes: text('10000,100000,1000000'),
  only: text(''),
  workloads: text(''),
  root: text(resolve(HERE, '..')),
  out: text(''),
  minutes: text('10'),
};

/** Reads the command line; the same options mean the same for every program of the suite. */
export function readOptions(defaults = {}) {
  const options = { ...known };
  for (const [name, value] of Object.entries(defaults)) options[name] = text(String(value));
  const { values } = parseArgs({ options, strict: true });
  return {
    seconds: numberOf(values, 'seconds'),
    warmUp: numberOf(values, 'warm-up'),
    rounds: numberOf(values, 'rounds'),
    connections: numberOf(values, 'connections'),
    size: numberOf(values, 'size'),
    minutes: numberOf(values, 'minutes'),
    sizes: listOf(values.sizes).map(Number),
    only: listOf(values.only),
    workloads: listOf(values.workloads),
    /** Where the vault that is measured lies, built: another checkout can be compared with this one. */
    root: resolve(values.root),
    out: values.out,
    isComplete: process.argv.length === 2,
  };
}

function numberOf(values, name) {
  const number = Number(values[name]);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0.`);
  return number;
}

function listOf(value) {
  return value === '' ? null : value.split(',');
}
