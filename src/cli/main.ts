#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { sentenceOf } from '../shared/error-sentence.js';
import { VERSION } from '../shared/version.js';
import { encryptionCommand } from './encryption.js';
import { initCommand } from './init.js';
import { keyFileCommand } from './key-file.js';
import { keysCommand } from './keys.js';
import { merchantsCommand, partnersCommand } from './merchants.js';
import { seedCommand, serveCommand } from './run-server.js';
import { searchCommand } from './search.js';
import { UsageError } from './session.js';
import { statusCommand } from './status.js';

// Exit codes: 0 done, 1 it could not be done, 2 the command line is wrong.
const FAILED = 1;
const WRONG_USAGE = 2;

const HELP = `
It works on the database that DATABASE_URL names (with VAULT_KEY_FILE) or, beside a running
embedded server, on the one in VAULT_DATA_DIR (.vault by default). Only \`init\` makes tables.`;

function program(): Command {
  const vault = new Command('customer-vault')
    .description("The operator's command line of the Customer Vault.")
    .version(VERSION)
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help tells more)');
  const commands = [
    serveCommand(),
    initCommand(),
    statusCommand(),
    keyFileCommand(),
    seedCommand(),
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
  process.stderr.write(`${sentenceOf(error)}\n`);
  return error instanceof UsageError ? WRONG_USAGE : FAILED;
}
