import type { MerchantId } from '../shared/id.js';

export const scopes = [
  'CUSTOMERS_READ',
  'CUSTOMERS_WRITE',
  'CUSTOMERS_DELETE',
  'PAYMENT_METHODS_READ',
  'PAYMENT_METHODS_WRITE',
  'TOKENS_READ',
  'KEYS_MANAGE',
] as const;

/** What an API key may do. */
export type Scope = (typeof scopes)[number];

/** A merchant is for trying out or for real; it never changes. */
export type Mode = 'test' | 'live';

/** Whose request it is. */
export type Actor =
  | {
      readonly kind: 'api-key';
      readonly keyId: string;
      readonly merchantId: MerchantId;
      readonly scopes: ReadonlySet<Scope>;
    }
  | { readonly kind: 'anonymous' };

/** A name of the caller that stays the same from request to request; null for one without a key. */
export function callerIdOf(actor: Actor): string | null {
  return actor.kind === 'anonymous' ? null : actor.keyId;
}
