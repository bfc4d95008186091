/** What operations of the story have given so far: ids and tokens by name. */
export type Memory = Record<string, string>;

/** Puts what is remembered into an operation's variables; "$name" that nothing has given yet is left empty. */
export function fillVariables(variables: Record<string, unknown>, memory: Memory): Record<string, unknown> {
  return JSON.parse(JSON.stringify(variables), (_key, value) =>
    typeof value === 'string' && value.startsWith('$') ? (memory[value.slice(1)] ?? '') : value,
  );
}

/**
 * What the answer of an operation gives to later ones. A line of the operation's text names it:
 * `# gives customerId: createCustomer.customer.id`.
 */
export function rememberAnswer(query: string, data: unknown): Memory {
  const memory: Memory = {};
  for (const [, name = '', path = ''] of query.matchAll(/^# gives (\w+): ([\w.]+)$/gm)) {
    const value = path.split('.').reduce<unknown>((object, key) => read(object, key), data);
    if (typeof value === 'string' || typeof value === 'number') memory[name] = String(value);
  }
  return memory;
}

function read(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined;
}
