import { type Logger, pino } from 'pino';
import { type App, startApp } from './app.js';
import { type Config, ConfigError, configOfProcess } from './config.js';
import { createLog } from './log.js';

/** After this time what still runs is given up. */
const STOP_MS = 11_800;

// Asynchronous and many at once: writing a line takes longer than making it. What is left is written at the end.
const LINES = { dest: 1, sync: false, minLength: 4_096, periodicFlush: 100 };

async function main(): Promise<void> {
  const config = configOfProcess();
  const log = createLog(config.logLevel, pino.destination(LINES));
  process.on('uncaughtException', (error) => crash(log, error));
  const starting = startApp(config, log);
  // From the first moment on: a signal in the middle of the start must not leave the database running.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop(starting));
  }
  announce(await starting, config);
}

function announce({ url, firstKey, linkKey, notes }: App, { dataDir, dashboard }: Config): void {
  // The page takes the key out of the fragment, which no browser sends.
  const page = `Explore it at ${url}/${linkKey ? `#key=${linkKey}` : ''}`;
  const lines = [...notes, `Customer Vault is ready. ${dashboard ? page : `It answers at ${url}/graphql`}`];
  if (firstKey) lines.push(`First API key (kept in ${dataDir}/api-key): ${firstKey}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Node would print the error with all that hangs on it, a caller's values perhaps among it. */
function crash(log: Logger, error: unknown): void {
  // Writes out what has been logged before, too.
  log.fatal({ err: error }, 'the server has crashed');
  process.exit(1);
}

async function stop(starting: Promise<App>): Promise<void> {
  setTimeout(() => process.exit(1), STOP_MS).unref();
  // A start that fails says so itself.
  const app = await starting.catch(() => null);
  await app?.stop();
  process.exit(app ? 0 : 1);
}

main().catch((error: unknown) => {
  const sentence = error instanceof Error ? error.message : 'The server could not start.';
  const intro = error instanceof ConfigError ? 'The configuration is wrong:' : 'The server could not start:';
  process.stderr.write(`${intro}\n${sentence}\n`);
  process.exitCode = 1;
});
