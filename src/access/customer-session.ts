import type { CustomerId, CustomerSessionId } from '../shared/id.js';
import type { SessionPermission } from './scopes.js';

/** A short-lived credential for one customer's browser or app. */
export interface CustomerSession {
  readonly id: CustomerSessionId;
  /** Shown once; null when the call that made it is replayed. */
  readonly token: string | null;
  readonly customerId: CustomerId;
  readonly permissions: readonly SessionPermission[];
  readonly expiresAt: Date;
}
