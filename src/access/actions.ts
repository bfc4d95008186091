import type { Scope, SessionPermission } from './scopes.js';

/** Who may do something: keys with all of the scopes, and sessions with the permission (null: no session ever). */
interface Rule {
  readonly scopes: readonly Scope[];
  readonly session: SessionPermission | null;
}

/** Every action there is and what it takes. What is not in this table does not type-check. */
const rules = {
  'merchant.read': { scopes: [], session: null },
  'own-customer.read': { scopes: [], session: 'READ' },
  'nodes.read': { scopes: [], session: 'READ' },
  'customers.read': { scopes: ['CUSTOMERS_READ'], session: 'READ' },
  'customers.read-by-token': { scopes: ['CUSTOMERS_READ', 'TOKENS_READ'], session: null },
  'customers.search': { scopes: ['CUSTOMERS_READ'], session: null },
  'customers.create': { scopes: ['CUSTOMERS_WRITE'], session: null },
  'customers.update': { scopes: ['CUSTOMERS_WRITE'], session: 'EDIT_PROFILE' },
  // The merchant's own number and notes: a customer who may edit the profile may not touch them.
  'customers.annotate': { scopes: ['CUSTOMERS_WRITE'], session: null },
  // What the merchant keeps of its own beside a customer or a card: no customer sees it.
  'customers.read-annotations': { scopes: ['CUSTOMERS_READ'], session: null },
  'payment-methods.read-fingerprint': { scopes: ['PAYMENT_METHODS_READ'], session: null },
  'customers.delete': { scopes: ['CUSTOMERS_WRITE', 'CUSTOMERS_DELETE'], session: null },
  'addresses.write': { scopes: ['CUSTOMERS_WRITE'], session: 'EDIT_ADDRESSES' },
  'payment-methods.read': { scopes: ['PAYMENT_METHODS_READ'], session: 'READ' },
  'payment-methods.read-by-token': { scopes: ['PAYMENT_METHODS_READ', 'TOKENS_READ'], session: null },
  'payment-methods.search': { scopes: ['PAYMENT_METHODS_READ'], session: null },
  'payment-methods.link': { scopes: ['PAYMENT_METHODS_WRITE'], session: 'LINK_PAYMENT_METHODS' },
  'payment-methods.unlink': { scopes: ['PAYMENT_METHODS_WRITE'], session: 'UNLINK_PAYMENT_METHODS' },
  'sandbox-tokens.create': { scopes: ['PAYMENT_METHODS_WRITE'], session: null },
  'tokens.read': { scopes: ['TOKENS_READ'], session: null },
  'tokens.resolve': { scopes: ['TOKENS_READ'], session: null },
  'keys.manage': { scopes: ['KEYS_MANAGE'], session: null },
  'customer-sessions.create': { scopes: ['CUSTOMERS_WRITE'], session: null },
} as const satisfies Readonly<Record<string, Rule>>;

/** `merchants.list` is for partners' keys, whatever their scopes. */
export type Action = keyof typeof rules | 'merchants.list';

const entries = Object.entries(rules) as [keyof typeof rules, Rule][];

/** Everything that a key with these scopes may do for a merchant. */
export function actionsOfScopes(scopes: ReadonlySet<Scope>): ReadonlySet<Action> {
  return new Set(
    entries.filter(([, rule]) => rule.scopes.every((scope) => scopes.has(scope))).map(([action]) => action),
  );
}

/** Everything that a session with these permissions may do for its customer. */
export function actionsOfSession(permissions: ReadonlySet<SessionPermission>): ReadonlySet<Action> {
  return new Set(
    entries
      .filter(([, { session }]) => session !== null && permissions.has(session))
      .map(([action]) => action),
  );
}
