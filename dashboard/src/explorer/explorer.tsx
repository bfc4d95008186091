import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Select, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { useEffect, useEffectEvent, useState } from 'react';
import { storedKey } from '../shared/key';
import { currentKey } from '../shared/session';
import './explorer.css';
import { readyOperations } from './operations';
import { fillVariables, type Memory, rememberAnswer } from './story';

const MEMORY = 'vault-story';
/** What is shown to who comes from a customer's page. */
const OF_A_CUSTOMER = '04-look-at-the-customer';

const customerId = new URLSearchParams(location.search).get('customerId');

/** What earlier answers of this tab gave, and the customer from whose page the explorer was opened. */
function readMemory(): Memory {
  return { ...JSON.parse(sessionStorage.getItem(MEMORY) ?? '{}'), ...(customerId && { customerId }) };
}

/** Keeps something while the tab is signed in: GraphiQL writes a moment later, and an answer may come late. */
function keep(name: string, value: string): void {
  if (storedKey() !== null) sessionStorage.setItem(name, value);
}

/** In the tab's own storage: what is asked here names people, and should not outlive the tab. */
const storage = {
  getItem: (name: string) => sessionStorage.getItem(name),
  setItem: keep,
  removeItem: (name: string) => sessionStorage.removeItem(name),
  clear: () => sessionStorage.clear(),
  get length() {
    return sessionStorage.length;
  },
};

async function fetcher(
  request: { query: string; operationName?: string | null; variables?: unknown },
  options?: { headers?: Record<string, string> },
) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${currentKey()}`,
      ...options?.headers,
    },
    body: JSON.stringify({ ...request, operationName: nameIn(request) }),
  });
  const answer = await response.json();
  const memory = { ...readMemory(), ...rememberAnswer(request.query, answer.data) };
  keep(MEMORY, JSON.stringify(memory));
  return answer;
}

/** The operation's name, unless it is that of the text before: the editor reads a new text only after a moment. */
function nameIn({ query, operationName }: { query: string; operationName?: string | null }) {
  return operationName && new RegExp(`(query|mutation) ${operationName}\\b`).test(query)
    ? operationName
    : undefined;
}

/** GraphiQL on this server, signed in, with the vault's story as ready operations. */
export function Explorer() {
  const [first] = readyOperations;
  const scheme = useComputedColorScheme('light');
  return (
    <main id="main" className="explorer" tabIndex={-1}>
      <VisuallyHidden>
        <h1>Explorer</h1>
      </VisuallyHidden>
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        forcedTheme={scheme}
        defaultQuery={first?.query}
        initialVariables={JSON.stringify(first?.variables ?? {}, null, 2)}
        plugins={[HISTORY_PLUGIN]}
        defaultEditorToolsVisibility="variables"
        isHeadersEditorEnabled
      >
        <GraphiQL.Logo>
          <StoryPicker />
        </GraphiQL.Logo>
      </GraphiQL>
    </main>
  );
}

function StoryPicker() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const [shown, setShown] = useState<string | null>(null);

  function show(name: string | null) {
    const operation = readyOperations.find((candidate) => candidate.name === name);
    if (!operation) return;
    setShown(name);
    addTab();
    queryEditor?.setValue(operation.query);
    variableEditor?.setValue(JSON.stringify(fillVariables(operation.variables, readMemory()), null, 2));
  }

  const areEditorsReady = Boolean(queryEditor && variableEditor);
  const showOfACustomer = useEffectEvent(() => show(OF_A_CUSTOMER));
  useEffect(() => {
    if (areEditorsReady && customerId) showOfACustomer();
  }, [areEditorsReady]);

  return (
    <Select
      aria-label="Ready operations"
      className="story"
      size="xs"
      w={230}
      placeholder="Ready operations"
      data={readyOperations.map(({ name, title }) => ({ value: name, label: title }))}
      allowDeselect={false}
      value={shown}
      onChange={show}
    />
  );
}
