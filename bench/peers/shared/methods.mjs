/** What becomes of the columns of a payment method in the schema. */

export const cardOf = ({ type, brand, lastFour, month, year }) =>
  type === 'CARD' ? { brand, lastFour, expiry: { month, year } } : null;

export const accountOf = ({ type, bankAccountType, lastFour, verified }) =>
  type === 'ACH' ? { bankAccountType, lastFour, verified } : null;
