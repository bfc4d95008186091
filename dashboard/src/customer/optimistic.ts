import type { CustomerViewFragment } from '../generated/graphql';

/** The customer as it will be once another payment method is the default. */
export function withDefaultPaymentMethod(view: CustomerViewFragment, id: string): CustomerViewFragment {
  const paymentMethods = view.paymentMethods && {
    ...view.paymentMethods,
    nodes: view.paymentMethods.nodes.map((method) => ({ ...method, isDefault: method.id === id })),
  };
  const defaultPaymentMethod = { __typename: 'PaymentMethod' as const, id };
  return { ...view, version: view.version + 1, defaultPaymentMethod, paymentMethods };
}

/** The customer as it will be once another address is the default. */
export function withDefaultAddress(view: CustomerViewFragment, id: string): CustomerViewFragment {
  const addresses = view.addresses.map((address) => ({ ...address, isDefault: address.id === id }));
  return { ...view, version: view.version + 1, addresses };
}

/** The customer as it will be once a payment method has another label. */
export function withLabel(
  view: CustomerViewFragment,
  id: string,
  label: string | null,
): CustomerViewFragment {
  const paymentMethods = view.paymentMethods && {
    ...view.paymentMethods,
    nodes: view.paymentMethods.nodes.map((method) => (method.id === id ? { ...method, label } : method)),
  };
  return { ...view, version: view.version + 1, paymentMethods };
}
