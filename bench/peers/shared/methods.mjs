/** What becomes of the columns of a payment method in the schema. */

export const cardOf = ({ type, brand, lastFour, month, year }) =>
  type === 'CARD' ? { brand, lastFour, expiry: { month, year } } : null;

export const accountOf = ({ type, bankAccountType, lastFour, verified }) =>
  type === 'ACH' ? { bankAccountType, lastFour, verified } : null;

/** Why a payment could not use it now; null when it could. */
export function whyUnusable({ card, ach }) {
  if (ach) return ach.verified ? null : 'ACH_NOT_VERIFIED';
  return Date.UTC(card.expiry.year, card.expiry.month, 1) <= Date.now() ? 'CARD_EXPIRED' : null;
}
