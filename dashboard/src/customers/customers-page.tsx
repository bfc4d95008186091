import { useQuery } from '@apollo/client/react';
import { Box, Button, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useEffect } from 'react';
import { Link, useSearchParams } from 'wouter';
import { CustomersDocument, type CustomersQuery } from '../generated/graphql';
import { PaymentMethodLine } from '../shared/payment-method';
import { Empty, Failed, Loading } from '../shared/states';
import { Filters } from './filters';
import { type ListState, readListState, toVariables, writeListState } from './list-state';
import { NewCustomer } from './new-customer';

type Connection = NonNullable<CustomersQuery['customers']>;

/** All customers, searched, filtered, page by page. The address says which, so that it can be shared. */
export function CustomersPage() {
  const [params, setParams] = useSearchParams();
  const [isNewOpen, newCustomer] = useDisclosure();
  const state = readListState(params);
  const { data, previousData, loading, error, refetch } = useQuery(CustomersDocument, {
    variables: toVariables(state),
    fetchPolicy: 'cache-and-network',
    notifyOnNetworkStatusChange: true,
  });
  const change = useCallback(
    (part: Partial<ListState>, isTyping = false) =>
      setParams((now) => writeListState({ ...readListState(now), after: null, before: null, ...part }), {
        replace: isTyping,
      }),
    [setParams],
  );
  useEffect(() => {
    document.title = 'Customers · Customer Vault';
  }, []);
  const connection = data?.customers ?? (loading ? previousData?.customers : null);
  return (
    <>
      <Group justify="space-between" my="md">
        <div>
          <Title order={1} size="h2">
            Customers
          </Title>
          <Text size="sm" c="dimmed" role="status" mih="1.55em">
            {connection &&
              (connection.totalCount === 1 ? '1 customer' : `${connection.totalCount} customers`)}
          </Text>
        </div>
        <Button onClick={newCustomer.open}>New customer</Button>
      </Group>
      <Paper className="card" withBorder radius="lg" p="md">
        <Filters state={state} change={change} />
        <Box mt="md" aria-busy={loading}>
          {error && !loading && !data ? (
            <Failed error={error} retry={() => void refetch()} />
          ) : connection ? (
            <CustomerTable connection={connection} state={state} change={change} />
          ) : (
            <Loading rows={8} />
          )}
        </Box>
      </Paper>
      <NewCustomer isOpen={isNewOpen} close={newCustomer.close} />
    </>
  );
}

function CustomerTable({
  connection,
  state,
  change,
}: {
  connection: Connection;
  state: ListState;
  change: (part: Partial<ListState>) => void;
}) {
  const { nodes, pageInfo } = connection;
  const { startCursor, endCursor } = pageInfo;
  const turnTo = (part: Partial<ListState>) => {
    change(part);
    window.scrollTo(0, 0);
  };
  if (nodes.length === 0) return <NoCustomers state={state} change={change} />;
  return (
    <>
      <Table verticalSpacing="sm" highlightOnHover layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Customer</Table.Th>
            <Table.Th visibleFrom="sm">Contact</Table.Th>
            <Table.Th visibleFrom="sm">Default payment method</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map((customer) => (
            <Table.Tr key={customer.id}>
              <Table.Td>
                <Link className="row-link breakable" href={`/customers/${customer.id}`}>
                  {customer.name ?? 'Name cannot be read'}
                </Link>
                <Text size="xs" c="dimmed" className="breakable">
                  {customer.reference}
                </Text>
                <Box hiddenFrom="sm" mt={6}>
                  <DefaultMethod customer={customer} />
                </Box>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text size="sm" className="breakable">
                  {customer.email}
                </Text>
                <Text size="xs" c="dimmed">
                  {customer.phone}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <DefaultMethod customer={customer} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end" mt="md" component="nav" aria-label="Pages of the list">
        <Button
          variant="default"
          disabled={!pageInfo.hasPreviousPage}
          onClick={() => turnTo({ before: startCursor ?? null })}
        >
          Previous
        </Button>
        <Button
          variant="default"
          disabled={!pageInfo.hasNextPage}
          onClick={() => turnTo({ after: endCursor ?? null })}
        >
          Next
        </Button>
      </Group>
    </>
  );
}

function DefaultMethod({ customer }: { customer: Connection['nodes'][number] }) {
  if (customer.defaultPaymentMethod) return <PaymentMethodLine method={customer.defaultPaymentMethod} />;
  return (
    <Text size="sm" c="dimmed">
      No default
    </Text>
  );
}

function NoCustomers({ state, change }: { state: ListState; change: (part: Partial<ListState>) => void }) {
  if (state.after || state.before) {
    return (
      <Empty title="Nothing is left on this page">
        <Button variant="default" onClick={() => change({})}>
          To the first page
        </Button>
      </Empty>
    );
  }
  if (writeListState(state).size === 0) {
    return (
      <Empty title="No customers yet">
        Make the first one, or fill the vault with 200 believable ones: <code>npm run seed</code>
      </Empty>
    );
  }
  return (
    <Empty title="No customer matches">
      Words match from their beginning on; a word of one or two letters only as a whole.
    </Empty>
  );
}
