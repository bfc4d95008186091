import { Command } from 'commander';
import type { Mode } from '../access/scopes.js';
import { createFirstMerchant } from '../merchants/create-merchant.js';
import { modeOption } from './merchants.js';
import { print } from './output.js';
import { readName } from './read-arguments.js';
import { CommandError, withSession } from './session.js';

interface InitOptions {
  readonly name: string;
  readonly mode: Mode;
  readonly json?: boolean;
}

/** `init`: makes the tables where there are none, and the first merchant with its first key. */
export function initCommand(): Command {
  return new Command('init')
    .description('make the first merchant and print its first key, which may do everything; once')
    .option('--name <name>', 'its name', readName, 'First merchant')
    .addOption(modeOption())
    .option('--json', 'print one JSON object')
    .action(({ name, mode, json }: InitOptions) =>
      withSession('init', async (session) => {
        const first = await createFirstMerchant(session, { name, mode }, async () => undefined);
        if (!first) {
          throw new CommandError(
            'There is a merchant already: see `merchants list`; `keys create --merchant ID` makes a key.',
          );
        }
        print(json, { merchant: { id: first.id, name }, key: first.key }, [
          `Made the merchant ${first.id}.`,
          `Its first key, kept nowhere and shown once: ${first.key}`,
        ]);
      }),
    );
}
