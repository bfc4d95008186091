// The browser tests: the built server on a seeded database of its own, in the Chromium that scripts/test-browser.mjs
// has found.
export default {
  testDir: 'test/browser',
  testMatch: '*.story.ts',
  globalSetup: './test/support/global-browser.mjs',
  outputDir: 'test-results',
  // One database for all, and little machines: one after the other.
  workers: 1,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: 'line',
  use: {
    viewport: { width: 1280, height: 860 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ['--disable-gpu', '--disable-quic', '--disable-background-networking'],
    },
  },
};
