import type { FastifyInstance } from 'fastify';

/** What is wrong with an address, by the code of the system's error. */
const faults: Readonly<Record<string, (address: { host: string; port: number }) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is in use: stop what listens there, or give another one in PORT (0: any that is free).`,
  EACCES: ({ port }) => `This user may not listen on port ${port}: give a higher one in PORT.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}: give another one in HOST.`,
  ENOTFOUND: ({ host }) => `There is no host ${host}: give another one in HOST.`,
};

/**
 * Opens the server's port. Resolves to its URL.
 *
 * @throws Error whose message is one sentence that names the setting to change.
 */
export async function listen(
  http: Pick<FastifyInstance, 'listen'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    const fault = faults[(error as NodeJS.ErrnoException).code ?? ''];
    throw fault ? new Error(fault({ host, port })) : error;
  }
}
