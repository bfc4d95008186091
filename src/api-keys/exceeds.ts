import type { Actor } from '../access/actor.js';
import type { Scope } from '../access/scopes.js';

/** Whether one of the scopes is more than the caller's own key has. A session has none to give. */
export function exceedsScopes(actor: Actor, scopes: readonly Scope[]): boolean {
  return !scopes.every((scope) => actor.kind === 'api-key' && actor.scopes.has(scope));
}

/** Whether an end (null: never) is later than that of the caller's own key. */
export function exceedsExpiry(actor: Actor, expiresAt: Date | null): boolean {
  const end = actor.kind === 'anonymous' ? null : actor.expiresAt;
  return end !== null && (expiresAt === null || expiresAt > end);
}
