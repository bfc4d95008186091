import type { Mode } from '../access/scopes.js';
import type { MerchantId } from '../shared/id.js';

/** A business that keeps its customers here. */
export interface Merchant {
  readonly __typename: 'Merchant';
  readonly id: MerchantId;
  readonly name: string;
  readonly mode: Mode;
  readonly createdAt: Date;
}
