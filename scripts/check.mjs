// Everything that can be checked without running the server. Each step says what is wrong by itself.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const bin = 'node_modules';
const steps = [
  ['types', [`${bin}/typescript/bin/tsc`]],
  ['types of the dashboard', [`${bin}/typescript/bin/tsc`, '-p', 'dashboard']],
  ['format and lint', [`${bin}/@biomejs/biome/bin/biome`, 'ci', '--error-on-warnings', '--colors=off']],
  ['Prisma schema', ['scripts/prisma.mjs', 'validate']],
  ['Prisma format', ['scripts/prisma.mjs', 'format', '--check']],
  [
    'who imports whom',
    [`${bin}/dependency-cruiser/bin/dependency-cruise.mjs`, 'src', '--config', '.dependency-cruiser.cjs'],
  ],
  ['contract', ['scripts/check-contract.mjs']],
  ['generated files', ['scripts/check-generated.mjs']],
  ['regular expressions', ['scripts/check-regexps.mjs']],
  ['unused code', [`${bin}/knip/bin/knip.js`]],
];

let failed = 0;
for (const [name, args] of steps) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed += 1;
  console.log(`${stdout}${stderr}`);
}
process.exitCode = failed === 0 ? 0 : 1;
