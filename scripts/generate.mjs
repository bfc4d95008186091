// Writes src/generated: the Prisma client and the resolver types. Runs in `npm ci`, offline.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

rmSync('src/generated', { recursive: true, force: true });
run('node_modules/prisma/build/index.js', ['generate']);
run('node_modules/@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.yml']);

function run(script, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      // Any executable will do: `prisma generate` looks for this binary but does not run it, and would
      // otherwise try to download it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(status ?? 1);
}
