// npm run start-up: how long the vault takes until it answers, on a database that exists.
import { startCluster } from './lib/cluster.mjs';
import { ensureFilled } from './lib/fill.mjs';
import { readOptions } from './lib/options.mjs';
import { startVault } from './lib/servers.mjs';
import { toTable } from './report.mjs';

const STARTS = 5;

const { root, size } = readOptions({ size: 10_000 });
const cluster = await startCluster(size);
const rows = [];
try {
  await ensureFilled(root, cluster, size);
  for (let start = 1; start <= STARTS; start += 1) {
    const server = await startVault(root, cluster);
    const { now } = await server.memory();
    rows.push([`${start}`, server.readyMs.toFixed(0), `${now}`]);
    await server.stop();
  }
} finally {
  await cluster.stop();
}
process.stdout.write(`${toTable(['start', 'ready after ms', 'memory MB'], rows)}\n`);
