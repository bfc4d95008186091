import { execSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder like that of a client's author, with the examples, the schema, and all that the guide's commands make. */
export interface ClientProject {
  readonly folder: string;
  /** Checks the types of all files, and of this text as one more; gives what the compiler complains about. */
  complaints(text: string): string;
  remove(): void;
}

const TSC = ['--noEmit', '--strict', '--skipLibCheck', '--allowJs', '--types', 'node'];
const BUNDLED = ['--target', 'es2023', '--module', 'esnext', '--moduleResolution', 'bundler'];

/** Makes it, and runs every command in the guide that begins with `npx` or `node`. */
export function makeClientProject(guide: string): ClientProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vault-clients-')));
  cpSync('examples/clients', folder, { recursive: true });
  cpSync('docs/schema.graphql', join(folder, 'schema.graphql'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const commands = guide.split('\n').filter((line) => /^(npx|node) /.test(line));
  for (const command of commands) execSync(command, { cwd: folder, stdio: 'pipe' });
  const relay = join(folder, 'relay-customers.ts');
  writeFileSync(join(folder, 'relay-customers.compiled.ts'), compileRelay(readFileSync(relay, 'utf8')));
  return {
    folder,
    complaints(text) {
      writeFileSync(join(folder, 'checked.ts'), text);
      const files = ['codegen.ts', 'relay-customers.ts', 'graphql-request.ts', 'gql-tada.ts', 'genql.ts'];
      const args = [resolve('node_modules/typescript/bin/tsc'), ...TSC, ...BUNDLED, ...files, 'checked.ts'];
      return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Does what Relay's plugin of a bundler does: a text tagged with `graphql` becomes what the compiler made of it. */
function compileRelay(source: string): string {
  return source.replaceAll(
    /graphql`\s*(?:query|mutation) (\w+)[^`]*`/g,
    (_, name) => `(await import('./__generated__/${name}.graphql')).default`,
  );
}
