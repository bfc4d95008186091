import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Mode } from './actor.js';

/** An API key taken apart: `sk_<mode>_<key id>_<secret>`. */
export interface ParsedApiKey {
  readonly mode: Mode;
  /** 24 hexadecimal digits. */
  readonly id: string;
  /** 43 characters of base64url: 256 random bits. */
  readonly secret: string;
}

const pattern = /^sk_(test|live)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;
const MAX_LENGTH = 100;

/** Reads the header `Authorization: Bearer sk_…`; null for anything else. */
export function parseAuthorization(header: string | undefined): ParsedApiKey | null {
  if (header === undefined || header.length > MAX_LENGTH) return null;
  const [scheme = '', key = '', ...more] = header.split(' ');
  const match = scheme.toLowerCase() === 'bearer' && more.length === 0 ? pattern.exec(key) : null;
  const [, mode, id, secret] = match ?? [];
  return mode && id && secret ? { mode: mode as Mode, id, secret } : null;
}

/** A new key, of which only the hash is ever stored. */
export function newApiKey(
  mode: Mode,
  id: string,
): { key: string; preview: string; secretHash: Buffer<ArrayBuffer> } {
  const secret = randomBytes(32).toString('base64url');
  const key = `sk_${mode}_${id}_${secret}`;
  return { key, preview: `sk_${mode}_${id.slice(0, 4)}…`, secretHash: hashSecret(secret) };
}

/** Whether the secret is the one behind the hash; takes the same time for every wrong one. */
export function isSecret(secret: string, hash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), hash);
}

/** SHA-256, 32 bytes. The secret is random, so that nothing slower is needed. */
function hashSecret(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(hash('sha256', secret, 'buffer'));
}
