// What the vault stores of customers and payment methods: sealed values and keyed hashes, by column.
import { termsOf } from './search-terms.mjs';

/** Of a customer's own row, and of the row it is searched by. */
export function sealCustomer(merchant, id, { name, email, phone, reference, metadata }) {
  const profile = { name, email, phone, reference, metadata };
  const terms = termsOf(profile);
  return {
    customer: {
      sealed: merchant.seal('customers', id, id, profile),
      email_hash: merchant.hash('email', email.toLowerCase()),
      phone_hash: merchant.hash('phone', phone.replace(/[^0-9+]/g, '')),
      reference_hash: merchant.hash('reference', reference),
    },
    search: { terms: merchant.hashTerms(terms.indexed), more_terms: merchant.hashTerms(terms.others) },
  };
}

/** An address, whole. */
export function sealAddress(merchant, id, customerId, address) {
  const { label, line1, line2, city, state, postalCode, country } = address;
  const lines = { label, line1, line2, city, state, postalCode, country };
  return merchant.seal('addresses', id, customerId, lines);
}

/** Of a payment method: what must not be read, and by what its like and its token are found. */
export function sealPaymentMethod(merchant, id, customerId, details, { label, providerToken }) {
  const secrets = { label, billingDetails: null, providerToken };
  return {
    sealed: merchant.seal('payment_methods', id, customerId, secrets),
    fingerprint: merchant.hash('fingerprint', `sandbox\0${fingerprintOf(details)}`),
    tokenHash: merchant.hash('provider-token', providerToken),
  };
}

function fingerprintOf({ type, brand, lastFour, expiry, bankAccountType }) {
  return type === 'CARD'
    ? `${brand} ${lastFour} ${expiry.year}-${expiry.month}`
    : `${bankAccountType} ${lastFour}`;
}
