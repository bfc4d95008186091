import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import {
  encryptionStatus,
  ensureNewKey,
  type RemovalRefusal,
  removeEncryptionKey,
  rewrapMerchantKeys,
} from '../encryption/rotate-encryption.js';
import { print, table } from './output.js';
import { CommandError, type Session, withSession } from './session.js';

interface JsonOption {
  readonly json?: boolean;
}

const refusals: Readonly<Record<RemovalRefusal, string>> = {
  UNKNOWN: 'is not in the key file.',
  CURRENT: 'is the current one. Run `encryption rotate` first.',
  IN_USE: "still wraps merchants' keys. Run `encryption rotate` first.",
};

/** `encryption rotate`, `encryption status`, `encryption remove ID`. */
export function encryptionCommand(): Command {
  const encryption = new Command('encryption').description("the keys that merchants' keys are wrapped with");
  encryption
    .command('rotate')
    .description('make a new current key and rewrap all merchants; goes on where it was interrupted')
    .option('--only-add', 'only add the key, so that the file can be copied to other machines first')
    .option('--json', 'print one JSON object')
    .action((options: JsonOption & { onlyAdd?: boolean }) =>
      withSession('write', (session) => rotate(session, options)),
    );
  encryption
    .command('status')
    .description("count the merchants' keys that hang on each key")
    .option('--json', 'print one JSON object')
    .action((options: JsonOption) => withSession('read', (session) => status(session, options)));
  encryption
    .command('remove')
    .description('take a key that nothing hangs on out of the key file')
    .argument('<id>', 'its id')
    .option('--json', 'print one JSON object')
    .action((id: string, { json }: JsonOption) =>
      withSession('write', async (session) => {
        const refusal = await removeEncryptionKey(session, id);
        if (refusal) throw new CommandError(`The key ${id} ${refusals[refusal]}`);
        print(json, { removed: id }, [`Removed the key ${id} from ${session.keyFile}.`]);
      }),
    );
  return encryption;
}

async function rotate(session: Session, { json, onlyAdd }: JsonOption & { onlyAdd?: boolean }) {
  const { id, isNew } = await ensureNewKey(session);
  const intro = isNew ? `Made the key ${id}, the current one now.` : `Going on with the key ${id}.`;
  if (onlyAdd) {
    const advice = 'Copy the key file to every server, then run `encryption rotate` again.';
    return print(json, { current: id, rewrapped: 0 }, [intro, advice]);
  }
  // To the terminal alone: standard output has the result.
  const bar = new SingleBar({ format: 'Rewrapping {bar} {value}/{total} keys', stream: process.stderr });
  let isStarted = false;
  const rewrapped = await rewrapMerchantKeys(session, (done, total) => {
    if (!isStarted) bar.start(total, 0);
    isStarted = true;
    bar.update(done);
  });
  bar.stop();
  print(json, { current: id, rewrapped }, [
    intro,
    `Rewrapped ${rewrapped} merchants' keys. Keep a copy of ${session.keyFile}.`,
  ]);
}

async function status({ db, keys }: Session, { json }: JsonOption): Promise<void> {
  const list = await encryptionStatus(db, keys);
  const rows = list.map(({ id, current, inFile, merchantKeys }) => ({
    id,
    state: current ? 'current' : inFile ? 'old' : 'missing from the key file',
    "merchants' keys": String(merchantKeys),
  }));
  print(json, { keys: list }, table(rows, 'There are no keys.'));
}
