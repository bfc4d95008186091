export function withoutMerchant(statements: readonly string[]): string[];
export function statementsOf(serverUrl: string): Promise<string[] | null>;
