import { resolve } from 'node:path';
import { Command } from 'commander';
import { createKeyFile } from '../sealing/key-file.js';
import { print } from './output.js';

/** `key-file PATH`: makes the key-encryption keys for a server that uses DATABASE_URL. */
export function keyFileCommand(): Command {
  return new Command('key-file')
    .description('make a key file, which a server with a database of your own seals with')
    .argument('<path>', 'where; a file that is there is left as it is')
    .option('--json', 'print one JSON object')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const file = resolve(path);
      await createKeyFile(file);
      print(json, { keyFile: file }, [
        `Made ${file}. Keep a copy: without it nothing that was sealed can be opened.`,
      ]);
    });
}
