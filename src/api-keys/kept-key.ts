import { parseCredential } from '../access/secret.js';
import { readPrivateFile } from '../shared/private-files.js';

/** The API key that the first start has kept in a file; null where there is none, or something else. */
export async function readKeptKey(path: string): Promise<string | null> {
  const key = await readPrivateFile(path);
  return key !== null && parseCredential(key)?.kind === 'api-key' ? key : null;
}
