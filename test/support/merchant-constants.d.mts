export const merchantsTables: ReadonlySet<string>;
export function stray(text: string): string[];
