import type { CustomerId, MerchantId } from '../shared/id.js';
import type { MerchantVault } from './merchant-vault.js';

/** The merchant on whose rows a statement works, with its keys: an argument of every repository function. */
export interface MerchantScope {
  readonly id: MerchantId;
  readonly vault: MerchantVault;
  /** Whose share of the event loop is worked in: the merchant's, or that of the partner who acts for it. */
  readonly owner: string;
  /** For trying out, or for real. */
  readonly mode: 'test' | 'live';
  /** The only customer within reach, for a customer session; null: all of the merchant's. */
  readonly onlyCustomer: CustomerId | null;
  /** Which hashes are kept to search by: words as well, or only whole e-mails, phones and references. */
  readonly search: 'words' | 'exact';
}
