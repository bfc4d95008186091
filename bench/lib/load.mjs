import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HERE } from './options.mjs';

/** Sends requests to a server for a time and resolves to what the load generator saw. */
export async function sendLoad({ url, headers }, requests, { connections, seconds }) {
  const child = spawn(process.execPath, [join(HERE, 'load.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stdin.end(JSON.stringify({ url, headers, requests, connections, seconds }));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The load generator failed.');
  return JSON.parse(Buffer.concat(chunks).toString());
}
