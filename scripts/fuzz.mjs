// The long run of test/fuzz.test.ts: `npm run fuzz`, or FUZZ_RUNS=20000 FUZZ_SEED=1 npm run fuzz.
import { spawnSync } from 'node:child_process';

const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const { status } = spawnSync(
  process.execPath,
  [...flags, 'node_modules/jest/bin/jest.js', 'test/fuzz.test.ts'],
  {
    stdio: 'inherit',
    env: { FUZZ_RUNS: '5000', ...process.env },
  },
);
process.exitCode = status ?? 1;
