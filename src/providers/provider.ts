import type { Queries } from '../db/queries.js';
import type { MerchantScope } from '../sealing/merchant-scope.js';
import { ExpectedError } from '../shared/expected-error.js';
import type { BillingDetails, PaymentMethodDetails } from '../shared/payment-method-details.js';

/** What a tokenization provider tells of one of its tokens. It never tells a card or account number. */
export interface TokenizedPaymentMethod {
  readonly details: PaymentMethodDetails;
  readonly billingDetails: BillingDetails | null;
  /** The same for the same card or account, however often it is tokenized; null where the provider gives none. */
  readonly fingerprint: string | null;
  /** When the token was made. */
  readonly tokenizedAt: Date;
}

/** The provider could not be asked: it is down, or did not answer in time. */
export class ProviderUnavailable extends ExpectedError {
  override readonly name = 'ProviderUnavailable';
  readonly code = 'PROVIDER_UNAVAILABLE';
  readonly sentence = 'The tokenization provider is not available. Try again.';
}

/** What we ask a tokenization provider. */
export interface TokenizationProvider {
  /** Stands in the database beside each of its tokens; must not change. */
  readonly name: string;
  /** Whether it tells of renewed cards by itself: then nobody else may say when a card expires. */
  readonly tellsRenewals?: boolean;
  /**
   * What a token stands for; null for one that the provider does not know, or no longer.
   *
   * @throws ProviderUnavailable
   */
  findToken(context: ProviderContext, token: string): Promise<TokenizedPaymentMethod | null>;
}

/** On whose behalf the provider is asked, and what the built-in one keeps its tokens in. */
export interface ProviderContext {
  readonly merchant: MerchantScope;
  readonly db: Queries;
  readonly now: () => Date;
}
