import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { CustomerDocument, type CustomerViewFragment } from '../generated/graphql';
import { Failed, Loading, NothingHere } from '../shared/states';
import { Addresses } from './addresses';
import { CustomerChanges } from './changes';
import { DeleteCustomer } from './delete-customer';
import { PaymentMethods } from './payment-methods';
import { Profile } from './profile';
import { Resolution } from './resolution';

/** One customer with all that belongs to it. */
export function CustomerPage({ id }: { id: string }) {
  const { data, loading, error, refetch } = useQuery(CustomerDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const customer = data?.customer;
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${customer?.name ?? 'Customer'} · Customer Vault`;
  }, [customer?.name]);
  return (
    <>
      <Anchor component={Link} href="/" size="sm" my="sm" display="inline-block">
        ← All customers
      </Anchor>
      {customer ? (
        <Found customer={customer} />
      ) : loading || error ? (
        <>
          <Title order={1} size="h2" mb="md">
            Customer
          </Title>
          {loading ? (
            <Loading rows={3} height={140} />
          ) : (
            <Failed error={error} retry={() => void refetch()} />
          )}
        </>
      ) : (
        <NothingHere title="There is no such customer">It may have been deleted.</NothingHere>
      )}
    </>
  );
}

function Found({ customer }: { customer: CustomerViewFragment }) {
  return (
    <CustomerChanges customer={customer}>
      <Group justify="space-between" mb="md" gap="sm">
        <div>
          <Title order={1} size="h2" className="breakable">
            {customer.name ?? 'Name cannot be read'}
          </Title>
          <Text size="sm" c="dimmed">
            Version {customer.version} · last changed {new Date(customer.updatedAt).toLocaleString()}
          </Text>
        </div>
        <Group gap="xs">
          <Button component="a" variant="default" href={`/dashboard/explorer?customerId=${customer.id}`}>
            Open in the explorer
          </Button>
          <DeleteCustomer />
        </Group>
      </Group>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <PaymentMethods />
            <Addresses />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Resolution customer={customer} />
            <Profile />
          </Stack>
        </Grid.Col>
      </Grid>
    </CustomerChanges>
  );
}
