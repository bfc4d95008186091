/** As far as the tests look at it. */
interface Environment {
  getStore(): { getSource(): { get(id: string): unknown } };
}

interface List {
  readonly customers: {
    readonly edges: { readonly node: { readonly id: string; readonly name: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

export function fetchPage(environment: Environment, after: string | null): Promise<unknown>;
export function readList(environment: Environment): List;
