import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import {
  type DefaultSuccession,
  type PaymentMethodViewFragment,
  UnlinkPaymentMethodDocument,
} from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import { nameOf } from '../shared/payment-method';
import { useChanges } from './changes';

/** Unlinks a payment method; of the default one it asks what becomes the default. */
export function UnlinkDialog({
  method,
  isOnly,
  close,
}: {
  method: PaymentMethodViewFragment;
  isOnly: boolean;
  close: () => void;
}) {
  const { customer, isBusy, apply } = useChanges();
  const [base] = useState(customer);
  const [ifDefault, setIfDefault] = useState<DefaultSuccession>('LEAVE_EMPTY');
  const unlink = () =>
    apply({
      mutation: UnlinkPaymentMethodDocument,
      input: { id: method.id, ifDefault },
      base,
      done: `${nameOf(method)} has been unlinked.`,
      onDone: close,
    });
  return (
    <Dialog onClose={close} title={`Unlink ${nameOf(method)}?`}>
      <Stack>
        <Text size="sm">Its token stops resolving at once. This cannot be undone.</Text>
        {method.isDefault && !isOnly && (
          <Radio.Group
            label="It is the default. What becomes of that?"
            value={ifDefault}
            onChange={(value) => setIfDefault(value as DefaultSuccession)}
          >
            <Stack gap="xs" mt="xs">
              <Radio
                value="LEAVE_EMPTY"
                label="No default"
                description="Nothing is charged until a default is set"
              />
              <Radio
                value="PROMOTE_NEWEST"
                label="The newest usable one"
                description="The most recently linked usable payment method becomes the default"
              />
            </Stack>
          </Radio.Group>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button color="red" loading={isBusy} onClick={() => void unlink()}>
            Unlink
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
