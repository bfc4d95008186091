// Makes the data of a size ahead of the programs that measure: node fill.mjs --size 1000000
import { startCluster } from './lib/cluster.mjs';
import { ensureFilled } from './lib/fill.mjs';
import { readOptions } from './lib/options.mjs';
import { importVault } from './lib/vault.mjs';

const { root, size } = readOptions();
const modules = await importVault(root);
const cluster = await startCluster(modules, size);
try {
  await ensureFilled(modules, root, cluster, size);
} finally {
  await cluster.stop();
}
