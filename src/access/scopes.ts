/** What an API key may be given. */
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

/** What a customer session may be given, each with the scopes that its giver must have. */
export const scopesBehind = {
  READ: ['CUSTOMERS_READ', 'PAYMENT_METHODS_READ'],
  EDIT_PROFILE: ['CUSTOMERS_WRITE'],
  EDIT_ADDRESSES: ['CUSTOMERS_WRITE'],
  LINK_PAYMENT_METHODS: ['PAYMENT_METHODS_WRITE'],
  UNLINK_PAYMENT_METHODS: ['PAYMENT_METHODS_WRITE'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

/** What a customer session may do. */
export type SessionPermission = keyof typeof scopesBehind;

/** A merchant is for trying out or for real; it never changes. */
export type Mode = 'test' | 'live';
