declare const brand: unique symbol;

/**
 * An instant as the API shows it, in UTC with milliseconds: `2023-07-13T05:28:11.139Z`. In this form they sort as
 * text. Objects carry it rather than a `Date`: a page of 50 customers shows 200 of them, and most only pass through.
 */
export type Instant = string & { readonly [brand]: 'Instant' };

export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}
