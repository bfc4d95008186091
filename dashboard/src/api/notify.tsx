import { Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Failure } from './failure';

/** The request id of a failure, and a button that copies it. */
export function RequestId({ id }: { id: string }) {
  return (
    <Group gap="xs" mt="xs">
      <Text size="xs">Request</Text>
      <Code className="breakable">{id}</Code>
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy request id'}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

/** Says that something did not work. It stays until it is closed: the request id may be wanted. */
export function notifyFailure(title: string, failure: Failure): void {
  notifications.show({
    color: 'red',
    title,
    autoClose: false,
    role: 'alert',
    closeButtonProps: { 'aria-label': 'Close message' },
    message: (
      <>
        {failure.message}
        {failure.requestId && <RequestId id={failure.requestId} />}
      </>
    ),
  });
}

/** Says that something worked. */
export function notifyDone(message: string): void {
  notifications.show({
    color: 'teal',
    message,
    autoClose: 4_000,
    role: 'status',
    closeButtonProps: { 'aria-label': 'Close message' },
  });
}
