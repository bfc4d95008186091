import type { Logger } from 'pino';
import { type App, startApp } from './app.js';
import { type Config, ConfigError, configOfProcess } from './config/config.js';
import { createLog, logLines } from './log.js';
import { sentenceOf } from './shared/error-sentence.js';

/** After this time what still runs is given up. */
const STOP_MS = 11_800;

async function main(): Promise<void> {
  const config = configOfProcess();
  const log = createLog(
    config.logLevel,
    logLines({ isTTY: process.stdout.isTTY, production: config.production }),
  );
  const starting = startApp(config, log);
  process.on('uncaughtException', (error) => void crash(log, starting, error));
  let isStopping = false;
  // From the first moment on: a signal in the middle of the start must not leave the database running. Nor must a second
  // one, of somebody impatient, which would end the process in the middle of the stop.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (!isStopping) void stop(starting);
      isStopping = true;
    });
  }
  announce(await starting, config);
}

function announce({ url, firstKey, linkKey, notes }: App, { dataDir, dashboard, port }: Config): void {
  // The page takes the key out of the fragment, which no browser sends.
  const page = `Explore it at ${url}/${linkKey ? `#key=${linkKey}` : ''}`;
  const answers =
    typeof port === 'string' ? `It answers on the socket ${port}` : `It answers at ${url}/graphql`;
  const lines = [
    ...notes,
    `Customer Vault is ready. ${dashboard && typeof port === 'number' ? page : answers}`,
  ];
  if (firstKey) lines.push(`First API key (kept in ${dataDir}/api-key): ${firstKey}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/**
 * Node would print the error with all that hangs on it, a caller's values perhaps among it. Nothing more is answered
 * in a state that nobody knows, but the embedded PostgreSQL is stopped.
 */
async function crash(log: Logger, starting: Promise<App>, error: unknown): Promise<void> {
  process.exitCode = 1;
  giveUpInTime();
  // Writes out what has been logged before, too.
  log.fatal({ err: error }, 'the server has crashed');
  const app = await starting.catch(() => null);
  await app?.abandon().catch((failure) => log.fatal({ err: failure }, 'PostgreSQL could not be stopped'));
  process.exit(1);
}

async function stop(starting: Promise<App>): Promise<void> {
  giveUpInTime();
  // A start that fails says so itself.
  const app = await starting.catch(() => null);
  process.exit((await app?.stop()) ? 0 : 1);
}

function giveUpInTime(): void {
  setTimeout(() => process.exit(1), STOP_MS).unref();
}

main().catch((error: unknown) => {
  const sentence = sentenceOf(error);
  const intro = error instanceof ConfigError ? 'The configuration is wrong:' : 'The server could not start:';
  process.stderr.write(`${intro}\n${sentence}\n`);
  process.exitCode = 1;
  // Where something that the start had begun could not be stopped.
  giveUpInTime();
});
