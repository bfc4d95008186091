import { Button, Code, CopyButton, Group } from '@mantine/core';

/** A value in full with a button that copies it. */
export function Copyable({ value, what }: { value: string; what: string }) {
  return (
    <Group gap="xs">
      <Code className="breakable">{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy ${what}`}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
