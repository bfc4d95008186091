import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A connection of its own to the server at a URL; a reset is no error. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes and gives all that comes back until the connection ends. */
export async function exchange(url: string, bytes: string): Promise<string> {
  const socket = await open(url);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(bytes);
  await closed;
  return text;
}

/** Sends bytes and resets the connection. */
export async function sendAndHangUp(url: string, bytes: string | Buffer): Promise<void> {
  const socket = await open(url);
  await new Promise<void>((resolve) => {
    if (bytes.length === 0) resolve();
    else socket.write(bytes, () => resolve());
  });
  socket.resetAndDestroy();
}

/** A whole POST to /graphql as bytes. */
export function postBytes(body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { host: 'vault', 'content-type': 'application/json', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  if (!('transfer-encoding' in headers)) lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return ['POST /graphql HTTP/1.1', ...lines, '', body].join('\r\n');
}

/** A number in the text of `/metrics`, which is remembered for a second; 0 where it is not there. */
export async function metric(url: string, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** Waits until something is so; the test's own time limit ends what never is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}
