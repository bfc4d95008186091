import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Ended } from './child-server.js';

/** Runs the operator's command line, `npm run vault`, with this environment and nothing of ours. */
export async function vault(
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ended> {
  return vaultOf('dist/cli/main.js', environment, ...args);
}

/** The same from another copy of the product. */
export async function vaultOf(
  program: string,
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** The JSON object that a command prints when it succeeds. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer of its own command.
export async function json(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<any> {
  const ended = await vault(environment, ...args, '--json');
  if (ended.code !== 0) throw new Error(`${args.join(' ')} failed: ${JSON.stringify(ended)}`);
  return JSON.parse(ended.stdout);
}
