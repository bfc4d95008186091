import { yielding } from '../../shared/event-loop-yielding.js';

/**
 * The JSON text of what is made of JSON's own values, as `JSON.stringify` makes it. Gives the event loop back between
 * the items of the first list on each way down; the items themselves are written at once.
 *
 * @param share of the turns.
 */
export async function jsonText(value: unknown, share: string): Promise<string> {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return textOfList(value, share);
  const parts: string[] = [];
  for (const [name, part] of Object.entries(value)) {
    if (part !== undefined) parts.push(`${JSON.stringify(name)}:${await jsonText(part, share)}`);
  }
  return `{${parts.join(',')}}`;
}

async function textOfList(items: readonly unknown[], share: string): Promise<string> {
  // The only item is as large as the list.
  if (items.length === 1) return `[${await jsonText(items[0], share)}]`;
  const parts: string[] = [];
  for (const item of items) {
    if (yielding.isDue) await yielding.later(share, null);
    parts.push(JSON.stringify(item));
  }
  return `[${parts.join(',')}]`;
}
