import { isIPv6 } from 'node:net';

/**
 * What counts as one address: an IPv4 address, or the network of 64 bits that one subscriber has of IPv6, who could
 * send every request from another address of it.
 */
export function networkOf(address: string | undefined): string {
  // Who comes over a socket of the file system has none.
  if (address === undefined) return 'socket';
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail] = address.split('%', 1).join('').split('::');
  const before = groupsOf(head);
  const missing = tail === undefined ? 0 : 8 - before.length - groupsOf(tail).length;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...groupsOf(tail ?? '')];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16).toString(16));
}
