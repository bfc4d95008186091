import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { DeleteCustomerDocument } from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import { useChanges } from './changes';

/** Deletes the customer, once that has been confirmed. */
export function DeleteCustomer() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Delete
      </Button>
      {isOpen && <DeleteDialog close={() => setOpen(false)} />}
    </>
  );
}

function DeleteDialog({ close }: { close: () => void }) {
  const { customer, isBusy, apply } = useChanges();
  const [base] = useState(customer);
  const [, goTo] = useLocation();
  const remove = () =>
    apply({
      mutation: DeleteCustomerDocument,
      input: { id: base.id },
      base,
      again: 'Delete it all the same',
      done: `${base.name ?? 'The customer'} has been deleted.`,
      onDone: () => goTo('/'),
    });
  return (
    <Dialog onClose={close} title={`Delete ${base.name ?? 'this customer'}?`}>
      <Text size="sm">
        Its addresses go with it, its payment methods are unlinked, and its token stops resolving at once.
        This cannot be undone.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close} data-autofocus>
          Keep the customer
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void remove()}>
          Delete for good
        </Button>
      </Group>
    </Dialog>
  );
}
