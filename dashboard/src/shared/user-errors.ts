/** A problem with an input, as each mutation's payload gives it. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** Path of the argument at fault. */
  readonly field?: readonly string[] | null;
}

/**
 * The problems of an input as errors of a form: the path below `input`, without the parts that the form lacks,
 * gives the form's field. What belongs to no field of the form is under the empty name.
 *
 * @param fields the form's own names
 */
export function toFormErrors(
  problems: readonly Problem[],
  fields: readonly string[],
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { field, message } of problems) {
    const name = field?.findLast((part) => fields.includes(part)) ?? '';
    errors[name] = errors[name] ? `${errors[name]} ${message}` : message;
  }
  return errors;
}
