// Native ES modules, as in production: run with NODE_OPTIONS=--experimental-vm-modules (npm test sets it).
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { module: { type: 'es6' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
    ],
  },
  // Not of a package's JSON that it wraps in JavaScript.
  moduleNameMapper: { '^(\\.{1,2}/.*(?<!\\.json))\\.js$': '$1' },
  // The rows of faults and of neighbours measure latencies: they need a core that no other test has.
  maxWorkers: '50%',
  // What a test file has loaded stays in the process: without a new one the last files would spend their time collecting
  // garbage.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30_000,
};
