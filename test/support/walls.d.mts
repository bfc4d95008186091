export interface Stray {
  readonly name: string;
  readonly relations: readonly string[];
  readonly text: string;
}
export function withoutMerchant(statements: readonly string[]): Stray[];
export function statementsOf(serverUrl: string): Promise<string[] | null>;
