import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HERE } from './options.mjs';

/** Makes the Prisma client of the server that uses one, with the Prisma that the vault has, unless it is there. */
export function generatePrismaClient() {
  if (existsSync(join(HERE, '.generated', 'prisma', 'index.js'))) return;
  const program = join(HERE, '..', 'node_modules', 'prisma', 'build', 'index.js');
  const schema = join(HERE, 'peers', 'prisma', 'schema.prisma');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'generate', '--schema', schema], {
    cwd: HERE,
    encoding: 'utf8',
    // Prisma looks for this program and does not run it; any executable will do.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  });
  if (status !== 0) throw new Error(`The Prisma client could not be made:\n${stdout}${stderr}`);
}
