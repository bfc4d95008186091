import type { Action } from './actions.js';

/** An action for each of some fields, by type and field. */
export type FieldActions = Readonly<Record<string, Readonly<Record<string, Action>>>>;

/**
 * Which action each field of the schema is. A field of `Query` or `Mutation` that is not here is refused for everyone; a
 * test walks the schema for those, for tokens and secrets, and for every field that leads to a customer, an address or
 * a payment method.
 */
export interface FieldAccess {
  readonly fields: FieldActions;
  /**
   * Fields that show, in the answer to a change, the object that was changed: without the action nothing but what
   * names it (`assertMayShow`).
   */
  readonly answers?: FieldActions;
  /** Fields of filters that would tell what the caller may not read, by their input type. */
  readonly filters?: FieldActions;
}
