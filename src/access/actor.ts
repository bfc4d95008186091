import type { CustomerId, MerchantId } from '../shared/id.js';
import type { Action, Refusal } from './actions.js';
import type { Mode, Scope } from './scopes.js';

interface Credential {
  /** Of the key or the session. */
  readonly id: string;
  readonly mode: Mode;
  /** Of the secret that came with the request: a key's old one ends with the overlap of its rotation. */
  readonly expiresAt: Date | null;
  /** Found out once for the credential, so that a check is one look into a set. */
  readonly allowed: ReadonlySet<Action>;
  /** What it is told of an action that is not allowed. */
  refusalOf(action: Action): Refusal;
}

/** A merchant's key, or a partner's that acts for one of its merchants. */
export interface ApiKeyActor extends Credential {
  readonly kind: 'api-key';
  /** Null: a partner's key that names no merchant, or one that is not the partner's. */
  readonly merchantId: MerchantId | null;
  readonly partner: Partner | null;
  readonly scopes: ReadonlySet<Scope>;
  /** Which of the key's secrets came with the request; it grows by one with each rotation. */
  readonly secretVersion: number;
}

/** A customer in a browser or an app. */
export interface SessionActor extends Credential {
  readonly kind: 'customer-session';
  readonly merchantId: MerchantId;
  readonly customerId: CustomerId;
  /** The key that made it. */
  readonly keyId: string;
}

/** Whose key it is, where it is a partner's. */
export interface Partner {
  readonly id: string;
  /** Authenticates the cursors of the partner's list of merchants; no merchant's keys are at hand there. */
  readonly cursorKey: Uint8Array;
}

/** Whose request it is. */
export type Actor = ApiKeyActor | SessionActor | { readonly kind: 'anonymous' };

/**
 * Who has a share of the connections of its own: a merchant with all its keys and sessions, a partner with all the
 * merchants that its keys act for.
 */
export function ownerOf(actor: Actor): string {
  if (actor.kind === 'anonymous') return '';
  const partner = actor.kind === 'api-key' ? actor.partner : null;
  return partner?.id ?? actor.merchantId ?? '';
}

/** A name of the caller that stays the same from request to request; null for one without a key. */
export function callerIdOf(actor: Actor): string | null {
  return actor.kind === 'anonymous' ? null : actor.id;
}
