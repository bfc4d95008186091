import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type MerchantId = Id<'Merchant'>;
export type CustomerId = Id<'Customer'>;
export type AddressId = Id<'Address'>;
export type PaymentMethodId = Id<'PaymentMethod'>;
export type ApiKeyId = Id<'ApiKey'>;
export type PartnerId = Id<'Partner'>;
export type CustomerSessionId = Id<'CustomerSession'>;
/** A UUID of ours in lower case: a customer's or a payment method's token. */
export type PaymentToken = Id<'PaymentToken'>;

const objectIdPattern = /^[0-9a-f]{24}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads an id of the form that the vault gives out: 24 hexadecimal digits, in either case.
 * Anything else is null, and then means the same as an id that was never given out.
 */
export function parseId<Of extends Id<string>>(text: string): Of | null {
  const id = text.length === 24 ? text.toLowerCase() : '';
  return objectIdPattern.test(id) ? (id as Of) : null;
}

/** Reads a UUID in either case; null for anything else. */
export function parseToken(text: string): PaymentToken | null {
  const token = text.length === 36 ? text.toLowerCase() : '';
  return uuidPattern.test(token) ? (token as PaymentToken) : null;
}

/** Makes ids in the layout of a MongoDB ObjectId: 4 bytes of seconds, 5 random ones, 3 of a counter. */
export class IdGenerator {
  readonly #now: () => Date;
  readonly #process = randomBytes(5).toString('hex');
  #counter = randomBytes(3).readUIntBE(0, 3);

  constructor(now: () => Date) {
    this.#now = now;
  }

  next<Of extends Id<string>>(): Of {
    const seconds = Math.floor(this.#now().getTime() / 1000);
    this.#counter = (this.#counter + 1) % 0x1000000;
    const id = hex(seconds, 8) + this.#process + hex(this.#counter, 6);
    return id as Of;
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
