import type { AddressViewFragment, CustomerViewFragment } from '../generated/graphql';
import { nameOf } from '../shared/payment-method';

/** One thing about a customer that is no longer as it was. */
export interface Difference {
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

const NONE = '—';

/** What has changed between two readings of a customer, for a person. */
export function differencesOf(was: CustomerViewFragment, is: CustomerViewFragment): Difference[] {
  const before = factsOf(was);
  const after = factsOf(is);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => ({ what, was: before.get(what) ?? NONE, is: after.get(what) ?? NONE }))
    .filter((difference) => difference.was !== difference.is);
}

function factsOf(view: CustomerViewFragment): Map<string, string> {
  const methods = view.paymentMethods?.nodes ?? [];
  const defaultMethod = methods.find(({ isDefault }) => isDefault);
  const defaultAddress = view.addresses.find(({ isDefault }) => isDefault);
  const facts: [string, string | null | undefined][] = [
    ['Name', view.name],
    ['E-mail', view.email],
    ['Phone', view.phone],
    ['Reference', view.reference],
    ...Object.entries(view.metadata ?? {}).map(([key, value]): [string, string] => [
      `Metadata ${key}`,
      value,
    ]),
    ['Default payment method', defaultMethod && nameOf(defaultMethod)],
    ['Default address', defaultAddress?.label],
    ...methods.map((method): [string, string] => [
      `${nameOf(method)} (…${method.id.slice(-4)})`,
      method.label ?? 'linked',
    ]),
    ...view.addresses.map((address): [string, string] => [
      `Address …${address.id.slice(-4)}`,
      `${address.label}: ${linesOf(address)}`,
    ]),
  ];
  return new Map(facts.filter((fact): fact is [string, string] => Boolean(fact[1])));
}

/** An address on one line. */
export function linesOf(address: AddressViewFragment): string {
  const { line1, line2, city, state, postalCode, country } = address;
  return [line1, line2, city, [state, postalCode].filter(Boolean).join(' '), country]
    .filter(Boolean)
    .join(', ');
}
