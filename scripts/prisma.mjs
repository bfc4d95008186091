// Runs a command of Prisma's offline. Every command looks for the schema engine and would download it; those that
// do not use it (generate, validate, format) are content with any executable.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Runs `prisma <args>` and gives its exit status and output. */
export function prisma(...args) {
  return spawnSync(process.execPath, ['node_modules/prisma-cli/build/index.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { status, stdout, stderr } = prisma(...process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status ?? 1;
}
