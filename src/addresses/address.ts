import type { Customer } from '../customers/customer.js';
import { openedValue, readSealed, type SealedValue } from '../sealing/sealed-value.js';
import type { AddressId, CustomerId, IdGenerator } from '../shared/id.js';
import { type Given, type InputReader, textOf } from '../shared/input-reader.js';
import type { Instant } from '../shared/instant.js';
import { type PostalAddress, type PostalAddressInput, readPostalAddress } from '../shared/postal-address.js';
import type { Path } from '../shared/result.js';

/** What of an address is sealed: all of it. */
export interface AddressLines extends PostalAddress {
  readonly label: string;
}

/** A shipping address of a customer. What was not selected of it is undefined, and GraphQL refuses to show it. */
export interface Address {
  readonly __typename: 'Address';
  readonly id: AddressId;
  readonly customerId: CustomerId;
  readonly lines: SealedValue<AddressLines>;
  readonly isDefault: boolean;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Null where the address was read without its customer. */
  readonly customer: Customer | null;
}

declare module '../customers/customer.js' {
  interface Customer {
    /** Absent where they were not selected. */
    readonly addresses?: Address[];
    readonly defaultAddress?: Address | null;
  }
}

/** A customer keeps at most so many. */
export const MAX_ADDRESSES = 50;

export function linesOf(address: Address): AddressLines {
  return readSealed(address.lines);
}

const MAX_LABEL_LENGTH = 50;

export interface AddressLinesInput extends PostalAddressInput {
  readonly label?: Given<string>;
}

export interface AddressInput extends AddressLinesInput {
  readonly isDefault?: Given<boolean>;
}

/** Reads all of an address: left out, null and blank are the same. */
export function readAddressLines(reader: InputReader, at: Path, input: AddressLinesInput): AddressLines {
  return {
    label: readLabel(reader, at, input.label),
    ...readPostalAddress(reader, at, input),
  };
}

/** An address that has been read and found good, and is not in the database yet. */
export interface AddressDraft {
  readonly id: AddressId;
  readonly lines: AddressLines;
  readonly isDefault: boolean;
}

/** Reads the addresses of a new customer. The first is the default unless another is, or it says that it is not. */
export function readAddressDrafts(
  reader: InputReader,
  at: Path,
  inputs: readonly AddressInput[],
  ids: IdGenerator,
): AddressDraft[] {
  if (inputs.length > MAX_ADDRESSES) {
    reader.report({ code: 'TOO_LONG', field: at, message: `More than ${MAX_ADDRESSES} addresses.` });
    return [];
  }
  const [named, ...furtherNamed] = inputs.flatMap(({ isDefault }, index) => (isDefault ? [index] : []));
  for (const index of furtherNamed) {
    const field = [...at, `${index}`, 'isDefault'];
    reader.report({ code: 'INVALID', field, message: 'Another address is the default already.' });
  }
  const defaultIndex = named ?? (inputs[0]?.isDefault === false ? -1 : 0);
  return inputs.map((input, index) => ({
    id: ids.next<AddressId>(),
    lines: readAddressLines(reader, [...at, `${index}`], input),
    isDefault: index === defaultIndex,
  }));
}

/** The address that a draft becomes. */
export function toAddress(
  { id, lines, isDefault }: AddressDraft,
  customer: Customer,
  createdAt: Instant,
): Address {
  return {
    __typename: 'Address',
    id,
    customerId: customer.id,
    lines: openedValue(lines),
    isDefault,
    createdAt,
    updatedAt: createdAt,
    customer,
  };
}

/** The addresses' own order: the default first, then oldest first. */
export function inOrder(addresses: readonly Address[]): Address[] {
  return addresses.toSorted(
    (a, b) =>
      Number(b.isDefault) - Number(a.isDefault) || compare(a.createdAt, b.createdAt) || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Reads a change of an address: what is left out stays, without being judged again; null clears. */
export function readAddressChange(
  reader: InputReader,
  at: Path,
  input: AddressLinesInput,
  current: AddressLines,
): AddressLines {
  return {
    label: input.label === undefined ? current.label : readLabel(reader, at, input.label),
    ...readPostalAddress(reader, at, input, current),
  };
}

function readLabel(reader: InputReader, at: Path, label: Given<string>): string {
  return reader.required([...at, 'label'], label, textOf(MAX_LABEL_LENGTH));
}
