import { readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** A file cannot be written where a symbolic link leads. The message is one sentence. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

const MANAGED = '..data';
const MOST_LINKS = 40;

/**
 * The file that a path leads to through symbolic links, so that a file can be replaced without replacing a link to it;
 * the path itself where there is nothing.
 *
 * @throws LinkError when the link's target is missing (a volume that is not mounted, perhaps: a file made in its place
 *   would be forgotten with the next mount), or is one that Kubernetes replaces as a whole from a secret.
 */
export async function followLinks(path: string): Promise<string> {
  let isLink = false;
  let at = path;
  for (let followed = 0; followed < MOST_LINKS; followed += 1) {
    const target = await readlink(at).catch(() => null);
    if (target === null) break;
    isLink = true;
    at = resolve(dirname(at), target);
    if (at.split('/').includes(MANAGED))
      throw new LinkError(`${path} is kept by Kubernetes: change the secret that it comes from.`);
  }
  if (!isLink) return path;
  return realpath(path).catch(() => {
    throw new LinkError(`${path} is a symbolic link to ${at}, which is not there.`);
  });
}
