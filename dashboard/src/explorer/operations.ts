/** A ready operation of the vault's story. */
export interface ReadyOperation {
  /** Of its file, such as "03-link-a-card". */
  readonly name: string;
  readonly title: string;
  readonly query: string;
  /** As JSON; a value such as "$customerId" stands for what an earlier operation gave. */
  readonly variables: Record<string, unknown>;
}

const queries = import.meta.glob<string>('../../../examples/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<Record<string, unknown>>('../../../examples/operations/*.json', {
  import: 'default',
  eager: true,
});

/** The operations of examples/operations, in the order of the story. The first line of each is its title. */
export const readyOperations: ReadyOperation[] = Object.entries(queries)
  .sort(([left], [right]) => left.localeCompare(right))
  .map(([path, query]) => ({
    name: /([^/]+)\.graphql$/.exec(path)?.[1] ?? path,
    title: /^# (.+)/.exec(query)?.[1] ?? path,
    query,
    variables: variables[path.replace(/graphql$/, 'json')] ?? {},
  }));
