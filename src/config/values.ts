import { isIP } from 'node:net';
import { z } from 'zod';
import { DatabaseUrlError, readDatabaseUrl } from '../db/database-url.js';

/** Whose empty list is another than its default. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['VAULT_CORS_ORIGINS']);

/** An environment without its empty variables: they count as not given. */
export function given(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const all = Object.entries(environment);
  return Object.fromEntries(all.filter(([name, value]) => value !== '' || MAY_BE_EMPTY.has(name)));
}

/** A postgresql:// URL; what is wrong with one is said without a word of it. */
export function postgresUrl() {
  return z.string().superRefine((url, context) => {
    try {
      readDatabaseUrl(url);
    } catch (error) {
      if (!(error instanceof DatabaseUrlError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });
}

/** The schema that a URL names; null where it names none, or is wrong in itself. */
export function schemaIn(url: string): string | null {
  try {
    return readDatabaseUrl(url).schema;
  } catch {
    return null;
  }
}

/** A whole number within bounds. */
export function whole(least: number, most: number, fallback: number) {
  const words = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,9}$/, words)
    .transform(Number)
    .refine((number) => number >= least && number <= most, words)
    .default(fallback);
}

/** Values parted by commas, each of one form. */
export function listOf(isGood: (value: string) => boolean, what: string) {
  return z
    .string()
    .transform((list) => list.split(',').map((value) => value.trim()))
    .transform((list) => list.filter((value) => value !== ''))
    .refine((list) => list.every(isGood), `must be ${what}, parted by commas`);
}

/** Whether this is what a browser sends in `Origin`. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** The names of `proxy-addr`, which Fastify asks, for networks that are nobody's in particular. */
const NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Whether this is an address, a network in CIDR notation, or the name of one. */
export function isNetwork(text: string): boolean {
  if (NETWORKS.has(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits);
  // A prefix of 0 would take everybody's word.
  return isIP(address) !== 0 && isPrefix && Number(prefix ?? bits) > 0 && more.length === 0;
}
