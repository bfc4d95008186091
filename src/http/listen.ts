import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where a server listens: a port of a host, or the path of a socket. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number | string;
}

/** What is wrong with an address, by the code of the system's error. */
const faults: Readonly<Record<string, (address: ListenAddress) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    typeof port === 'string'
      ? `Something listens on the socket ${port}: stop it, or give another path in PORT.`
      : `Port ${port} of ${host} is in use: stop what listens there, or give another one in PORT (0: any that is free).`,
  EACCES: ({ port }) =>
    typeof port === 'string'
      ? `This user may not make the socket ${port}: give another path in PORT.`
      : `This user may not listen on port ${port}: give a higher one in PORT.`,
  ENOENT: ({ port }) => `There is no folder for the socket ${port}: make it, or give another path in PORT.`,
  EINVAL: ({ port }) => `The path of the socket ${port} is too long: give a shorter one in PORT.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}: give another one in HOST.`,
  ENOTFOUND: ({ host }) => `There is no host ${host}: give another one in HOST.`,
};

/**
 * Opens the server's port, or its socket. Resolves to its URL (`http+unix://` and the path, percent-encoded, of a
 * socket).
 *
 * @throws Error whose message is one sentence that names the setting to change.
 */
export async function listen(http: Pick<FastifyInstance, 'listen'>, address: ListenAddress): Promise<string> {
  const { host, port } = address;
  try {
    if (typeof port === 'number') return await http.listen({ host, port });
    await removeLeftOver(port);
    await http.listen({ path: port });
    return `http+unix://${encodeURIComponent(port)}`;
  } catch (error) {
    const fault = faults[(error as NodeJS.ErrnoException).code ?? ''];
    throw fault ? new Error(fault(address)) : error;
  }
}

/** A server that was killed leaves its socket, at which nobody answers any more. */
async function removeLeftOver(path: string): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const socket = connect(path, () => resolve(socket.end() && undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  if (code === 'ECONNREFUSED') await rm(path);
}
