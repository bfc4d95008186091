import type { FastifyInstance } from 'fastify';
import { errorBody } from './refusals.js';

/** Whether a server may be asked under the name in a `Host` header. */
export type HostRule = (host: string) => boolean;

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/i;
const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[?::1\]?)$/i;
/** Addresses, names without a dot, and endings that are kept for networks of one's own. */
const NOT_IN_PUBLIC_DNS =
  /^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-f:.]+\]|[a-z0-9-]+|[a-z0-9.-]+\.(local|internal|localhost))$/i;
const PORT = /:[0-9]{1,5}$/;
const LONGEST = 255;

/** Whether a server that listens there can be reached from the same machine only. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/**
 * The names under which a server without a database of its own is asked. A web page whose name leads here (DNS
 * rebinding) would be of one origin with this server, and so read whatever it answers.
 *
 * On a loopback address these are the local names. Elsewhere they are all names that cannot be in the public DNS, since
 * the machine does not know by which of them others reach it.
 *
 * @param address where the server listens, as it was set
 */
export function hostRuleOf(address: string): HostRule {
  const known = isLoopback(address) ? LOCAL : NOT_IN_PUBLIC_DNS;
  const own = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  return (host) => {
    if (host.length > LONGEST) return false;
    const name = host.replace(PORT, '');
    return LOCAL.test(name) || known.test(name) || name.toLowerCase() === own.toLowerCase();
  };
}

/** Answers 421 to a request for another name, whatever its path. No browser leaves the header out. */
export function addHostRule(http: FastifyInstance, takes: HostRule): void {
  http.addHook('onRequest', ({ id, headers }, reply, done) => {
    if (headers.host === undefined || takes(headers.host)) return done();
    const message = 'The header `Host` is no name of this machine. Use localhost or an address.';
    reply.code(421).send(errorBody('BAD_USER_INPUT', message, id));
  });
}
