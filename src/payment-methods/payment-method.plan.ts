import type { GraphQLResolveInfo } from 'graphql';
import { belowCustomer, mergeBack } from '../customers/customer.plan.js';
import { customerPart } from '../customers/customer.repository.js';
import { mergeWants, type OpenWants, wantPart, wants } from '../db/wants.js';
import { type ConnectionArguments, toPageRequest } from '../graphql-kit/connection.js';
import type { Context } from '../graphql-kit/context.js';
import { fieldsAt, type SelectedField, selects } from '../graphql-kit/selection.js';
import { columns, type FilterPlanner, type Planners, type Planning } from '../read-plan/look-ahead.js';
import { defaultPaymentMethodOfCustomer } from './payment-method.repository.js';
import {
  NO_CONDITIONS,
  type PaymentMethodFilterInput,
  readPaymentMethodFilter,
} from './payment-method-filter.js';
import { hasPaymentMethod } from './payment-method-filter.repository.js';
import { paymentMethodsOfCustomer, TOTAL_COUNT } from './payment-method-list.repository.js';
import { LIST_KEY } from './payment-method-page.js';
import type { WantedResolution } from './payment-token-resolution.repository.js';

/** The arguments of `Customer.paymentMethods`. */
export interface PaymentMethodsArguments extends ConnectionArguments {
  readonly filter?: PaymentMethodFilterInput | null | undefined;
}

/** The name of the list's only order, for its cursors. */
export const PAYMENT_METHOD_ORDER = 'payment-methods';

const usability = columns('type', 'expiry_month', 'expiry_year', 'verified');

/** What each field of a payment method needs, and each field of a customer that leads to payment methods. */
export const paymentMethodPlanners = {
  PaymentMethod: {
    id: columns('id'),
    token: columns('token'),
    type: columns('type'),
    label: columns('sealed'),
    isDefault: columns('is_default'),
    billingDetails: columns('sealed'),
    card: columns(
      ...[
        'type',
        'brand',
        'last_four',
        'expiry_month',
        'expiry_year',
        'cvc_check',
        'address_check',
        'token_type',
      ],
    ),
    ach: columns('type', 'bank_account_type', 'last_four', 'verified'),
    fingerprint: columns('fingerprint'),
    usable: usability,
    unusableReason: usability,
    createdAt: columns('created_at'),
    linkedAt: columns('linked_at'),
    updatedAt: columns('updated_at'),
    customer: (wanted, field, planning) => {
      wanted.columns.add('customer_id');
      wantPart(wanted, 'customer', customerPart(planning.wantsOf('Customer', field)));
    },
  },
  Customer: {
    defaultPaymentMethod: (wanted, field, planning) => {
      const below = belowCustomer('PaymentMethod', wanted, field, planning);
      wantPart(wanted, 'defaultPaymentMethod', defaultPaymentMethodOfCustomer(below));
    },
    paymentMethods: planList,
  },
} satisfies Planners;

function planList(wanted: OpenWants, field: SelectedField, planning: Planning): void {
  const args: PaymentMethodsArguments = field.args;
  const below = wants('id');
  for (const path of [['nodes'], ['edges', 'node']]) {
    for (const item of fieldsAt(field, path))
      mergeWants(below, belowCustomer('PaymentMethod', wanted, item, planning));
  }
  if (fieldsAt(field, ['totalCount']).length > 0) below.columns.add(TOTAL_COUNT);
  const filter = args.filter ? readPaymentMethodFilter(args.filter, planning.now) : NO_CONDITIONS;
  try {
    const page = toPageRequest(args, PAYMENT_METHOD_ORDER, planning);
    wantPart(wanted, listKey(args), paymentMethodsOfCustomer({ page, filter }, below));
  } catch {
    // The field's own resolver refuses the same arguments, so that the error stands at the field.
  }
}

/** The key of the list with these arguments among the parts of a customer. */
export function listKey({ first, after, last, before, filter }: PaymentMethodsArguments): string {
  // Most lists differ in their size alone, and a page asks for the key once a customer.
  if (!(after || before || filter)) return `${LIST_KEY}${first ?? ''}/${last ?? ''}`;
  const { type, brand, lastFour, expiresBefore, usable } = filter ?? {};
  const parts = [first, after, last, before, type, brand, lastFour, expiresBefore, usable];
  return `${LIST_KEY}${JSON.stringify(parts.map((part) => part ?? null))}`;
}

/** The conditions that payment methods add to the filter of customers. */
export const paymentMethodFilters = {
  paymentMethod: (input: PaymentMethodFilterInput, now: Date) => {
    const filter = readPaymentMethodFilter(input, now);
    return filter && { condition: hasPaymentMethod(filter) };
  },
} satisfies Record<string, FilterPlanner<PaymentMethodFilterInput>>;

/** What an answer of `resolvePaymentToken` wants. The methods lead back to the one customer that is read. */
export function wantedOfResolution(op: Context, info: GraphQLResolveInfo): WantedResolution {
  return op.lookAhead.plan('resolution', info, op, (look) => {
    const customer = look('Customer', [['customer']]);
    const methodsAt = (field: string) => mergeBack(look('PaymentMethod', [[field]]), customer);
    const paymentMethod = methodsAt('paymentMethod');
    for (const column of ['type', 'expiry_month', 'expiry_year', 'verified'])
      paymentMethod.columns.add(column);
    if (selects(info, ['providerToken'])) paymentMethod.columns.add('sealed');
    const alternatives = selects(info, ['alternatives']) ? methodsAt('alternatives') : null;
    return { customer, paymentMethod, alternatives };
  });
}
