import { belowCustomer } from '../customers/customer.plan.js';
import { customerPart } from '../customers/customer.repository.js';
import { wantPart } from '../db/wants.js';
import { columns, type Planners } from '../read-plan/look-ahead.js';
import { addressesOfCustomer, defaultAddressOfCustomer } from './address.repository.js';

/** What each field of an address needs, and each field of a customer that leads to addresses. */
export const addressPlanners = {
  Address: {
    id: columns('id'),
    label: columns('sealed'),
    line1: columns('sealed'),
    line2: columns('sealed'),
    city: columns('sealed'),
    state: columns('sealed'),
    postalCode: columns('sealed'),
    country: columns('sealed'),
    isDefault: columns('is_default'),
    createdAt: columns('created_at'),
    updatedAt: columns('updated_at'),
    customer: (wanted, field, planning) => {
      wanted.columns.add('customer_id');
      wantPart(wanted, 'customer', customerPart(planning.wantsOf('Customer', field)));
    },
  },
  Customer: {
    addresses: (wanted, field, planning) => {
      wantPart(wanted, 'addresses', addressesOfCustomer(belowCustomer('Address', wanted, field, planning)));
    },
    defaultAddress: (wanted, field, planning) => {
      wantPart(
        wanted,
        'defaultAddress',
        defaultAddressOfCustomer(belowCustomer('Address', wanted, field, planning)),
      );
    },
  },
} satisfies Planners;
