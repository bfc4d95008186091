// What relay-compiler writes for a list with @connection, by hand: the examples have no build of their own.
import relay from 'relay-runtime';

const TEXT = `query List($after: String) {
  customers(first: 2, after: $after) {
    edges { cursor node { id name __typename } }
    pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
  }
}`;

const scalar = (name) => ({ kind: 'ScalarField', alias: null, args: null, name, storageKey: null });
const linked = (name, concreteType, plural, selections) => ({
  ...scalar(name),
  kind: 'LinkedField',
  concreteType,
  plural,
  selections,
});
const args = [
  { kind: 'Variable', name: 'after', variableName: 'after' },
  { kind: 'Literal', name: 'first', value: 2 },
];
const argumentDefinitions = [{ kind: 'LocalArgument', name: 'after', defaultValue: null }];
const page = [
  linked('edges', 'CustomerEdge', true, [
    scalar('cursor'),
    linked('node', 'Customer', false, [scalar('id'), scalar('name'), scalar('__typename')]),
  ]),
  linked(
    'pageInfo',
    'PageInfo',
    false,
    ['hasNextPage', 'endCursor', 'startCursor', 'hasPreviousPage'].map(scalar),
  ),
];
const customers = linked('customers', 'CustomerConnection', false, page);
const handle = { kind: 'LinkedHandle', alias: null, args, filters: null, handle: 'connection' };

const request = {
  kind: 'Request',
  fragment: {
    kind: 'Fragment',
    name: 'List',
    type: 'Query',
    abstractKey: null,
    argumentDefinitions,
    metadata: null,
    selections: [{ ...customers, alias: 'customers', name: '__List_customers_connection' }],
  },
  operation: {
    kind: 'Operation',
    name: 'List',
    argumentDefinitions,
    selections: [
      { ...customers, args },
      { ...handle, key: 'List_customers', name: 'customers' },
    ],
  },
  params: { id: null, cacheID: 'list', metadata: {}, name: 'List', operationKind: 'query', text: TEXT },
};

/** Fetches a page into the store of an environment. */
export function fetchPage(environment, after) {
  return relay.fetchQuery(environment, request, { after }).toPromise();
}

/** The list as the store of an environment has it, without asking the server. */
export function readList(environment) {
  const operation = relay.createOperationDescriptor(request, {});
  environment.retain(operation);
  return environment.lookup(operation.fragment).data;
}
