// No input of the schema is nested deeper than a few levels; metadata that is will be refused.
const DEEPEST = 40;

/**
 * A text that is the same for the same arguments, whatever the order of their keys. What is left out and what is
 * null are not the same: one stays as it is and the other clears. Values nested deeper than 40 levels are all alike.
 */
export function canonicalText(value: unknown, depth = 0): string {
  if (depth > DEEPEST) return '…';
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null || value instanceof Date)
    return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}
