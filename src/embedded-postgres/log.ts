import { copyFile, stat, truncate } from 'node:fs/promises';

const LIMIT_BYTES = 5 * 1024 * 1024;
const LOOK_MS = 60_000;

/**
 * Keeps a log that another process appends to from growing without end: past 5 MiB it is moved to `<file>.1`, now and
 * whenever a look once a minute finds it so. PostgreSQL's own log collector rotates, but cannot bound a size.
 *
 * @returns a function that ends the watch
 */
export async function boundLog(file: string): Promise<() => void> {
  await moveAside(file);
  const watch = setInterval(() => void moveAside(file), LOOK_MS).unref();
  return () => clearInterval(watch);
}

async function moveAside(file: string): Promise<void> {
  try {
    if ((await stat(file)).size <= LIMIT_BYTES) return;
    // Emptied in place: the server holds the file open, and appends at whatever is its end.
    await copyFile(file, `${file}.1`);
    await truncate(file);
  } catch {
    // No log yet, or a full disk: the server works on, and the next look tries again.
  }
}
