import { Command, CommanderError } from 'commander';
import { encryptionCommand } from './encryption.js';
import { initCommand } from './init.js';
import { keysCommand } from './keys.js';
import { merchantsCommand, partnersCommand } from './merchants.js';
import { searchCommand } from './search.js';

// Exit codes: 0 done, 1 it could not be done, 2 the command line is wrong.
const FAILED = 1;
const WRONG_USAGE = 2;

const HELP = `
It works on the database that DATABASE_URL names (with VAULT_KEY_FILE) or, beside a running
embedded server, on the one in VAULT_DATA_DIR (.vault by default). Only \`init\` makes tables.`;

function program(): Command {
  const vault = new Command('vault')
    .description("The operator's command line of the Customer Vault.")
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help tells more)');
  const commands = [
    initCommand(),
    merchantsCommand(),
    partnersCommand(),
    keysCommand(),
    encryptionCommand(),
    searchCommand(),
  ];
  for (const command of commands) vault.addCommand(command);
  for (const command of [vault, ...vault.commands, ...vault.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().copyInheritedSettings(vault);
  }
  return vault;
}

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has said already what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  process.stderr.write(`${error instanceof Error ? error.message : 'The command failed.'}\n`);
  return FAILED;
}
