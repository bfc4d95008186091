import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const COMPLAINT = 'A copy of a context lacks what all requests share.';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-lint-'));
  for (const name of ['biome.json', '.gitignore', 'scripts/no-copied-context.grit', 'src/operation.ts'])
    await cp(name, join(folder, name));
});

afterAll(() => rm(folder, { recursive: true }));

/** What the linter says of a file of `src` with this text, by the project's own rules. */
async function lint(text: string): Promise<string> {
  await writeFile(join(folder, 'src/made-up.ts'), text);
  const biome = resolve('node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--colors=off', 'src/made-up.ts'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(stdout).toContain('Checked 1 file');
  return stdout + stderr;
}

test.each([
  'export const copy = (op: Operation) => ({ ...op, requestId: "a" });',
  'export const copy = (context: Context) => f({ a: { ...context } });',
  'export const copy = (caller: Caller) => Object.assign({}, caller);',
  'export const copy = (op: Operation) => structuredClone(op);',
  'export function copy(op: Operation) { const { db, ...rest } = op; return [db, rest]; }',
  'export const copy = ({ db, ...rest }: Operation) => [db, rest];',
  'export const copy = (other: Operation) => ({ ...other });',
])('a copy of a context, which lacks what requests share, does not pass the check: %s', async (text) => {
  expect(await lint(text)).toContain(COMPLAINT);
});

test('a context that is handed on or taken apart by name passes the check', async () => {
  const text = `export const use = (op: Operation, { now }: Context) => f(op, { db: op.db, now }, ...[op]);
    export function take(op: Operation) { const { db, ids } = op; return { ...f(op), db, ids }; }`;

  expect(await lint(text)).not.toContain(COMPLAINT);
});
