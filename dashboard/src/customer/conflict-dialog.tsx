import { Button, Group, Table, Text } from '@mantine/core';
import type { CustomerViewFragment } from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import type { Place } from '../shared/keyboard';
import { differencesOf } from './differences';

/** Shows what has changed since the person looked, and lets them decide. */
export function ConflictDialog({
  was,
  is,
  again = 'Do my change again',
  from,
  close,
  redo,
}: {
  was: CustomerViewFragment;
  is: CustomerViewFragment;
  again: string | undefined;
  from: Place;
  close: () => void;
  redo: () => void;
}) {
  const differences = differencesOf(was, is);
  return (
    <Dialog from={from} onClose={close} size="lg" title="This customer has changed meanwhile" zIndex={400}>
      <Text size="sm" mb="sm">
        Somebody else saved a change while you were looking. Nothing of yours has been saved yet.
      </Text>
      {differences.length > 0 ? (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th>You saw</Table.Th>
              <Table.Th>It is now</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map(({ what, was, is }) => (
              <Table.Tr key={what}>
                <Table.Td>{what}</Table.Td>
                <Table.Td className="breakable">{was}</Table.Td>
                <Table.Td className="breakable">{is}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        <Text size="sm">What changed is not shown on this page, or was changed back.</Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close} data-autofocus>
          Leave it as it is now
        </Button>
        <Button onClick={redo}>{again}</Button>
      </Group>
    </Dialog>
  );
}
