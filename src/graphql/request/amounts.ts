/** Variables by name, coerced; it has no prototype, so that only what was given is found in it. */
export type Variables = Readonly<Record<string, unknown>>;

/** An amount that is known, or one that depends on variables. In hundredths, so that sums stay exact. */
export type Amount = number | ((variables: Variables) => number);

export function amountOf(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables);
}

export function sum(amounts: readonly Amount[]): Amount {
  const open = amounts.filter((amount) => typeof amount === 'function');
  const fixed = amounts.reduce<number>((all, amount) => (typeof amount === 'number' ? all + amount : all), 0);
  if (open.length === 0) return fixed;
  return (variables) => open.reduce((all, amount) => all + amount(variables), fixed);
}

export function product(one: Amount, other: Amount): Amount {
  // Nothing of what is not known yet, however large it may become.
  if (one === 0 || other === 0) return 0;
  if (typeof one === 'number' && typeof other === 'number') return one * other;
  return (variables) => amountOf(one, variables) * amountOf(other, variables);
}

/** The largest of some amounts; 0 of none. */
export function largest(amounts: readonly Amount[]): Amount {
  const known = amounts.filter((amount) => typeof amount === 'number');
  if (known.length === amounts.length) return Math.max(0, ...known);
  return (variables) => Math.max(0, ...amounts.map((amount) => amountOf(amount, variables)));
}
