import { addressFeature } from './addresses/address.feature.js';
import { apiKeyFeature } from './api-keys/api-key.feature.js';
import { customerSessionFeature } from './customer-sessions/customer-session.feature.js';
import { customerFeature } from './customers/customer.feature.js';
import type { Feature } from './feature.js';
import { idempotencyFeature } from './idempotency/idempotency.feature.js';
import { merchantFeature } from './merchants/merchant.feature.js';
import { nodeFeature } from './nodes/node.feature.js';
import { paymentMethodFeature } from './payment-methods/payment-method.feature.js';
import { sandboxFeature } from './providers/sandbox/sandbox.feature.js';

/** Everything that the vault can do: a new feature is a folder and one line here. */
export const features: readonly Feature[] = withNodes([
  merchantFeature,
  apiKeyFeature,
  customerSessionFeature,
  customerFeature,
  addressFeature,
  paymentMethodFeature,
  sandboxFeature,
  idempotencyFeature,
]);

/** Features with the one that finds all that they bring by its id. */
export function withNodes(brought: readonly Feature[]): readonly Feature[] {
  return [nodeFeature(brought), ...brought];
}
