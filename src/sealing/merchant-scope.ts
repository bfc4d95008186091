import type { MerchantId } from '../shared/id.js';
import type { MerchantVault } from './merchant-vault.js';

/** The merchant on whose rows a statement works, with its keys: an argument of every repository function. */
export interface MerchantScope {
  readonly id: MerchantId;
  readonly vault: MerchantVault;
  /** Which hashes are kept to search by: words as well, or only whole e-mails, phones and references. */
  readonly search: 'words' | 'exact';
}
