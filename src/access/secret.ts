import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Mode } from './scopes.js';

/**
 * An API key or the token of a session taken apart: `sk_<mode>_<merchant>_<id>_<secret>`, `cs_` alike. The keys of
 * partners name no merchant, nor does what was made before credentials did.
 */
export interface ParsedCredential {
  readonly kind: 'api-key' | 'customer-session';
  readonly mode: Mode;
  readonly merchantId: string | null;
  /** 24 hexadecimal digits. */
  readonly id: string;
  /** 43 characters of base64url: 256 random bits. */
  readonly secret: string;
}

const pattern = /^(sk|cs)_(test|live)_(?:([0-9a-f]{24})_)?([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;
const bearer = /^bearer[ \t]+(\S+)$/i;

/**
 * What stands in the header `Authorization: Bearer …`, any number of blanks before it; null for every other form.
 * Basic is none of ours: browsers send it by themselves, also for the forms of other pages.
 */
export function bearerOf(header: string | undefined): string | null {
  return bearer.exec(header ?? '')?.[1] ?? null;
}

/** Takes `sk_…` or `cs_…` apart; null for anything else. */
export function parseCredential(text: string): ParsedCredential | null {
  const [, prefix, mode, merchant = null, id, secret] = pattern.exec(text) ?? [];
  if (!mode || !id || !secret) return null;
  const kind = prefix === 'sk' ? 'api-key' : 'customer-session';
  return { kind, mode: mode as Mode, merchantId: merchant, id, secret };
}

/** Whose a new credential is: a merchant's, or a partner's (null). */
export interface CredentialOwner {
  readonly mode: Mode;
  readonly merchantId: string | null;
}

/** A new API key, of which only the hash is ever stored. A new secret for an old id rotates the key. */
export function newApiKey(
  owner: CredentialOwner,
  id: string,
): { key: string; preview: string; secretHash: Buffer<ArrayBuffer> } {
  const { credential, secretHash } = newCredential('sk', owner, id);
  // Of the key's own id: a merchant's keys all begin alike.
  return { key: credential, preview: `sk_${owner.mode}_${id.slice(0, 4)}…`, secretHash };
}

/** A new token of a customer session, of which only the hash is ever stored. */
export function newSessionToken(
  owner: CredentialOwner,
  id: string,
): { token: string; secretHash: Buffer<ArrayBuffer> } {
  const { credential, secretHash } = newCredential('cs', owner, id);
  return { token: credential, secretHash };
}

function newCredential(prefix: 'sk' | 'cs', { mode, merchantId }: CredentialOwner, id: string) {
  const secret = randomBytes(32).toString('base64url');
  const parts = [prefix, mode, ...(merchantId === null ? [] : [merchantId]), id, secret];
  return { credential: parts.join('_'), secretHash: hashSecret(secret) };
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
