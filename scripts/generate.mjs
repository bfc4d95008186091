// Writes src/generated (the Prisma client and the resolver types) and dashboard/src/generated (its typed documents).
// Runs in `npm ci`, offline.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { prisma } from './prisma.mjs';

for (const folder of ['src/generated', 'dashboard/src/generated'])
  rmSync(folder, { recursive: true, force: true });
succeed(prisma('generate'));
const codegen = ['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.yml'];
succeed(spawnSync(process.execPath, codegen, { encoding: 'utf8' }));

function succeed({ status, stdout, stderr }) {
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(status ?? 1);
}
