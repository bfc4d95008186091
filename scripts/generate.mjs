// Writes src/generated: the Prisma client and the resolver types. Runs in `npm ci`, offline.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
rmSync('src/generated', { recursive: true, force: true });
run(require.resolve('prisma/build/index.js'), ['generate']);
run(require.resolve('@graphql-codegen/cli/cjs/bin.js'), ['--config', 'codegen.yml']);

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
