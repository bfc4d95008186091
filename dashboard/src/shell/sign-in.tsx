import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { client, signedOut } from '../api/client';
import { type Failure, toFailure } from '../api/failure';
import { RequestId } from '../api/notify';
import { CheckKeyDocument } from '../generated/graphql';
import { signIn } from '../shared/session';
import mark from './mark.svg';

/** Asks for an API key, and tries it before it is kept. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await client.query({
        query: CheckKeyDocument,
        fetchPolicy: 'no-cache',
        context: { headers: { authorization: `Bearer ${key.trim()}` } },
      });
      signedOut.because = '';
      signIn(key.trim());
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  }

  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper className="card" withBorder shadow="sm" p="xl" w="100%" maw={420} radius="lg">
        <form onSubmit={submit}>
          <Stack>
            <img src={mark} width={44} height={44} alt="" />
            <div>
              <Title order={1} size="h3">
                Customer Vault
              </Title>
              <Text size="sm" c="dimmed">
                Sign in with an API key. It stays in this tab and is forgotten when the tab is closed. On your
                own machine the start of the server prints an address that signs you in.
              </Text>
            </div>
            {signedOut.because && !failure && <Alert color="orange">{signedOut.because}</Alert>}
            <PasswordInput
              label="API key"
              placeholder="sk_…"
              autoComplete="off"
              spellCheck={false}
              required
              withAsterisk={false}
              value={key}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the key', tabIndex: 0 }}
              error={failure?.code === 'UNAUTHENTICATED' ? 'The server does not know this key.' : undefined}
              onChange={(event) => {
                setKey(event.currentTarget.value);
                setFailure(null);
              }}
            />
            {failure && failure.code !== 'UNAUTHENTICATED' && (
              <Alert color="red" role="alert">
                {failure.code === 'FORBIDDEN' ? 'It takes the API key of one merchant.' : failure.message}
                {failure.requestId && <RequestId id={failure.requestId} />}
              </Alert>
            )}
            <Button type="submit" loading={isBusy}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
