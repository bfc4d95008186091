// Fails when generated code is not what the schemas and the dashboard's documents give now.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const before = digestAll();
const { status } = spawnSync(process.execPath, ['scripts/generate.mjs'], { stdio: 'inherit' });
if (status !== 0 || digestAll() !== before) {
  console.error('Generated code was out of date. It is fresh now: run `npm run build`.');
  process.exitCode = 1;
}

function digestAll() {
  return ['src/generated', 'dashboard/src/generated'].map(digest).join();
}

function digest(folder) {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest('hex');
}
