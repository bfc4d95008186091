export function freePort(): Promise<number>;
export function startShop(environment: Readonly<Record<string, string>>): Promise<() => Promise<void>>;
