import { useMutation } from '@apollo/client/react';
import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from 'wouter';
import { toFailure } from '../api/failure';
import { notifyDone, notifyFailure } from '../api/notify';
import { type CustomerViewFragment, DeleteCustomerDocument } from '../generated/graphql';

/** Deletes the customer, once that has been confirmed. */
export function DeleteCustomer({ customer }: { customer: CustomerViewFragment }) {
  const [isOpen, dialog] = useDisclosure();
  const [remove, { loading }] = useMutation(DeleteCustomerDocument);
  const [, goTo] = useLocation();

  async function confirm() {
    try {
      const { data } = await remove({
        variables: { input: { id: customer.id, expectedVersion: customer.version } },
      });
      const [problem] = data?.deleteCustomer?.userErrors ?? [];
      if (problem) {
        notifyFailure('The customer was not deleted', { ...problem, requestId: null });
        return;
      }
      notifyDone(`${customer.name ?? 'The customer'} has been deleted.`);
      goTo('/');
    } catch (error) {
      notifyFailure('The customer was not deleted', toFailure(error));
    }
  }

  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Delete
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={`Delete ${customer.name ?? 'this customer'}?`}>
        <Text size="sm">
          Its addresses go with it, its payment methods are unlinked, and its token stops resolving at once.
          This cannot be undone.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            Keep the customer
          </Button>
          <Button color="red" loading={loading} onClick={() => void confirm()}>
            Delete for good
          </Button>
        </Group>
      </Modal>
    </>
  );
}
