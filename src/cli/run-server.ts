import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { environmentOfProcess } from '../config/config.js';

// As `npm start` has it: the heap grows in larger steps, so that it is cleared less often.
const HEAP = '--heap-growing-percent=100';

/** `serve`: what `npm start` does. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('start the server, with the settings of the environment')
    .action(async () => {
      setFlagsFromString(HEAP);
      await import('../main.js');
    });
}

/** `seed`: fills the merchant of a running server for trying out. */
export function seedCommand(): Command {
  return new Command('seed')
    .description('fill the merchant of a running server with 200 believable customers')
    .action(async () => {
      const { seed } = await import(new URL('../../scripts/seed.mjs', import.meta.url).href);
      await seed(environmentOfProcess());
    });
}
