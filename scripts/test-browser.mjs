// Runs the browser tests in the Chromium of this machine. With --if-found a machine without one is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const onPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)));
const chromium = process.env.CHROMIUM ?? [...onPath, ...applications].find((path) => existsSync(path));

const args = process.argv.slice(2);
if (!chromium) {
  console.log('The browser tests did NOT run: no Chromium was found.');
  console.log(
    'Debian and Ubuntu: `apt-get install chromium`. Elsewhere: set CHROMIUM to the path of a Chromium.',
  );
  process.exitCode = args.includes('--if-found') ? 0 : 1;
} else {
  const playwright = ['node_modules/@playwright/test/cli.js', 'test'];
  const { status } = spawnSync(
    process.execPath,
    [...playwright, ...args.filter((arg) => arg !== '--if-found')],
    { stdio: 'inherit', env: { ...process.env, CHROMIUM: chromium } },
  );
  process.exitCode = status ?? 1;
}
