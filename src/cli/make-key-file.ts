import { resolve } from 'node:path';
import { createKeyFile, KeyFileError } from '../sealing/key-file.js';

// `npm run key-file -- PATH`: makes the key-encryption keys for a server that uses DATABASE_URL.
const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('usage: npm run key-file -- PATH\n');
  process.exitCode = 2;
} else {
  await make(resolve(path));
}

async function make(file: string): Promise<void> {
  try {
    await createKeyFile(file);
    process.stdout.write(`Made ${file}. Keep a copy: without it nothing that was sealed can be opened.\n`);
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
