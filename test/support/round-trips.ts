import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to a database on which it is counted how often somebody waits for an answer. */
export interface CountedWay {
  readonly url: string;
  /** How many round trips there have been so far, over all connections. */
  count(): number;
  close(): void;
}

/** Opens a port that leads to the database of a URL. */
export async function countRoundTrips(url: string): Promise<CountedWay> {
  const { hostname, port } = new URL(url);
  let count = 0;
  const server = createServer((asking) => {
    const database = connect(Number(port), hostname);
    let isWaiting = false;
    asking.on('data', (bytes) => {
      if (!isWaiting) count += 1;
      isWaiting = true;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      isWaiting = false;
      asking.write(bytes);
    });
    for (const [one, other] of [
      [asking, database],
      [database, asking],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const counted = new URL(url);
  counted.hostname = '127.0.0.1';
  counted.port = String((server.address() as AddressInfo).port);
  return { url: counted.href, count: () => count, close: () => server.close() };
}
