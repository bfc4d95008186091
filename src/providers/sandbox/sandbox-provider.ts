import type { PaymentMethodDetails } from '../../shared/payment-method-details.js';
import { unreachable } from '../../shared/result.js';
import type { ProviderContext, TokenizationProvider, TokenizedPaymentMethod } from '../provider.js';
import { findSandboxToken } from './sandbox-token.repository.js';

/** The built-in tokenization provider, for trying the vault out: it knows the tokens that were made here. */
export const sandboxProvider: TokenizationProvider = {
  name: 'sandbox',

  async findToken(
    { db, merchant, now }: ProviderContext,
    token: string,
  ): Promise<TokenizedPaymentMethod | null> {
    // A made-up card must never be linked where payments are real.
    if (merchant.mode !== 'test') return null;
    const found = await findSandboxToken(db, merchant, { token, at: now() });
    if (!found) return null;
    const { details, billingDetails, createdAt } = found;
    return { details, billingDetails, fingerprint: fingerprintOf(details), tokenizedAt: createdAt };
  },
};

/** The same brand, last four and expiry always give the same fingerprint. */
function fingerprintOf(details: PaymentMethodDetails): string {
  switch (details.type) {
    case 'CARD':
      return `${details.brand} ${details.lastFour} ${details.expiry.year}-${details.expiry.month}`;
    case 'ACH':
      return `${details.bankAccountType} ${details.lastFour}`;
    default:
      return unreachable(details);
  }
}
