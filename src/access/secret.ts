import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Mode } from './scopes.js';

/** An API key or the token of a session taken apart: `sk_<mode>_<id>_<secret>`, `cs_<mode>_<id>_<secret>`. */
export interface ParsedCredential {
  readonly kind: 'api-key' | 'customer-session';
  readonly mode: Mode;
  /** 24 hexadecimal digits. */
  readonly id: string;
  /** 43 characters of base64url: 256 random bits. */
  readonly secret: string;
}

const pattern = /^(sk|cs)_(test|live)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;
const MAX_LENGTH = 100;

/** Reads the header `Authorization: Bearer sk_…` or `cs_…`; null for anything else. */
export function parseAuthorization(header: string | undefined): ParsedCredential | null {
  if (header === undefined || header.length > MAX_LENGTH) return null;
  const [scheme = '', credential = '', ...more] = header.split(' ');
  const match = scheme.toLowerCase() === 'bearer' && more.length === 0 ? pattern.exec(credential) : null;
  const [, prefix, mode, id, secret] = match ?? [];
  if (!mode || !id || !secret) return null;
  return { kind: prefix === 'sk' ? 'api-key' : 'customer-session', mode: mode as Mode, id, secret };
}

/** A new API key, of which only the hash is ever stored. A new secret for an old id rotates the key. */
export function newApiKey(
  mode: Mode,
  id: string,
): { key: string; preview: string; secretHash: Buffer<ArrayBuffer> } {
  const { credential, secretHash } = newCredential('sk', mode, id);
  return { key: credential, preview: `sk_${mode}_${id.slice(0, 4)}…`, secretHash };
}

/** A new token of a customer session, of which only the hash is ever stored. */
export function newSessionToken(mode: Mode, id: string): { token: string; secretHash: Buffer<ArrayBuffer> } {
  const { credential, secretHash } = newCredential('cs', mode, id);
  return { token: credential, secretHash };
}

function newCredential(prefix: 'sk' | 'cs', mode: Mode, id: string) {
  const secret = randomBytes(32).toString('base64url');
  return { credential: `${prefix}_${mode}_${id}_${secret}`, secretHash: hashSecret(secret) };
}

/** Whether two hashes of secrets are the same; takes the same time for every other one. */
export function isSameHash(hash: Uint8Array, other: Uint8Array): boolean {
  return timingSafeEqual(hash, other);
}

/** SHA-256, 32 bytes. The secret is random, so that nothing slower is needed. */
export function hashSecret(secret: string): Buffer<ArrayBuffer> {
  // By way of hexadecimal digits it takes less than half the time.
  return Buffer.from(hash('sha256', secret, 'hex'), 'hex');
}
