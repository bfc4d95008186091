import type { SessionPermission } from '../access/scopes.js';
import type { Customer } from '../customers/customer.js';
import type { CustomerSessionId } from '../shared/id.js';

/** A short-lived credential for one customer's browser or app. */
export interface CustomerSession {
  readonly id: CustomerSessionId;
  /** Shown once; null when the call that made it is replayed. */
  readonly token: string | null;
  /** Read before the session is made, so that nothing that goes wrong there takes the token along; null: not wanted. */
  readonly customer: Customer | null;
  readonly permissions: readonly SessionPermission[];
  readonly expiresAt: Date;
}
