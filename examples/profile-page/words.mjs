const BRANDS = {
  AMEX: 'American Express',
  DINERS: 'Diners Club',
  DISCOVER: 'Discover',
  JCB: 'JCB',
  MASTERCARD: 'Mastercard',
  UNION_PAY: 'UnionPay',
  UNKNOWN: 'Card',
  VISA: 'Visa',
};
const ACCOUNTS = { CHECKING: 'Checking account', SAVINGS: 'Savings account' };
/** Why a payment method cannot be used. */
export const REASONS = { CARD_EXPIRED: 'Expired', ACH_NOT_VERIFIED: 'Not verified yet' };
/** Fields of forms: name, label and what the browser may fill in. */
export const DETAILS = [
  ['name', 'Name', 'name'],
  ['email', 'E-mail', 'email'],
  ['phone', 'Phone', 'tel'],
];
export const ADDRESS = [
  ['label', 'Name of the address, such as Home', 'off'],
  ['line1', 'Street and number', 'address-line1'],
  ['line2', 'Flat, floor', 'address-line2'],
  ['city', 'City', 'address-level2'],
  ['state', 'State or county code', 'address-level1'],
  ['postalCode', 'Postal code', 'postal-code'],
  ['country', 'Country code, such as USA', 'country'],
];
export const METHOD = [
  ['token', 'Payment token', 'off'],
  ['label', 'Name it, such as My Visa Card', 'off'],
];

/** A payment method in words: what it is, and how long it is good. */
export function factsOf({ card, ach }) {
  if (!card) return [`${ACCOUNTS[ach.bankAccountType]} ending in ${ach.lastFour}`];
  const { month, year } = card.expiry;
  return [
    `${BRANDS[card.brand]} ending in ${card.lastFour}`,
    `good to ${String(month).padStart(2, '0')}/${year}`,
  ];
}
