// Makes the data of a size ahead of the programs that measure: node fill.mjs --size 1000000
import { startCluster } from './lib/cluster.mjs';
import { ensureFilled } from './lib/fill.mjs';
import { readOptions } from './lib/options.mjs';

const { root, size } = readOptions();
const cluster = await startCluster(size);
try {
  await ensureFilled(root, cluster, size);
} finally {
  await cluster.stop();
}
