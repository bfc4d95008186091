import type {
  CustomerViewFragment,
  SetDefaultAddressMutation,
  SetDefaultPaymentMethodMutation,
  UpdateCustomerMutation,
  UpdatePaymentMethodMutation,
} from '../generated/graphql';

/** The answer to a payment method's being made the default, as it will be. */
export function withDefaultPaymentMethod(
  view: CustomerViewFragment,
  id: string,
): SetDefaultPaymentMethodMutation {
  const defaultPaymentMethod = { __typename: 'PaymentMethod' as const, id };
  const methods = withMethods(view, (method) => ({ ...method, isDefault: method.id === id }));
  const customer = { ...methods, defaultPaymentMethod };
  return {
    setDefaultPaymentMethod: { __typename: 'SetDefaultPaymentMethodPayload', customer, userErrors: [] },
  };
}

/** The answer to an address's being made the default, as it will be. */
export function withDefaultAddress(view: CustomerViewFragment, id: string): SetDefaultAddressMutation {
  const addresses = view.addresses.map((address) => ({ ...address, isDefault: address.id === id }));
  const customer = { ...view, version: view.version + 1, addresses };
  return { setDefaultAddress: { __typename: 'SetDefaultAddressPayload', customer, userErrors: [] } };
}

/** The answer to another label of a payment method, as it will be. */
export function withLabel(
  view: CustomerViewFragment,
  id: string,
  label: string | null,
): UpdatePaymentMethodMutation {
  const customer = withMethods(view, (method) => (method.id === id ? { ...method, label } : method));
  return { updatePaymentMethod: { __typename: 'UpdatePaymentMethodPayload', customer, userErrors: [] } };
}

/** The answer to a change of the profile, as it will be. */
export function withProfile(
  view: CustomerViewFragment,
  profile: Partial<CustomerViewFragment>,
): UpdateCustomerMutation {
  const customer = { ...view, ...profile, version: view.version + 1 };
  return { updateCustomer: { __typename: 'UpdateCustomerPayload', customer, userErrors: [] } };
}

type Method = NonNullable<CustomerViewFragment['paymentMethods']>['nodes'][number];

function withMethods(view: CustomerViewFragment, change: (method: Method) => Method): CustomerViewFragment {
  const { paymentMethods, version } = view;
  const nodes = (paymentMethods?.nodes ?? []).map(change);
  return { ...view, version: version + 1, paymentMethods: paymentMethods && { ...paymentMethods, nodes } };
}
