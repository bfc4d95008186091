import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { client } from '../api/client';
import { toFailure } from '../api/failure';
import { notifyDone, notifyFailure } from '../api/notify';
import { CustomerDocument, type CustomerViewFragment } from '../generated/graphql';
import type { Problem } from '../shared/user-errors';
import { ConflictDialog } from './conflict-dialog';

interface Payload {
  readonly userErrors: readonly Problem[];
}

/** A change of a customer, as one mutation. */
export interface Change {
  readonly mutation: TypedDocumentNode<never, never>;
  /** The mutation's input without the expected version. */
  readonly input: object;
  /** The customer as the person saw it; by default as it is on the page. */
  readonly base?: CustomerViewFragment;
  /** The mutation's data as it will be; shown at once, and taken back if it comes otherwise. */
  readonly optimistic?: (view: CustomerViewFragment) => Record<string, unknown>;
  /** What is said when it is done. */
  readonly done: string;
  readonly onDone?: () => void;
  /** Shows the problems where they belong; by default they are a message. */
  readonly onProblems?: (problems: readonly Problem[]) => void;
}

interface Conflict {
  readonly change: Change;
  readonly was: CustomerViewFragment;
  readonly is: CustomerViewFragment;
}

interface Changes {
  readonly customer: CustomerViewFragment;
  readonly isBusy: boolean;
  readonly apply: (change: Change) => Promise<void>;
}

const Context = createContext<Changes | null>(null);

/** The customer of the page, and how to change it. */
export function useChanges(): Changes {
  const changes = useContext(Context);
  if (!changes) throw new Error('There is no customer here to change.');
  return changes;
}

/**
 * Carries out changes of one customer, each only if the customer is still as the person saw it. Where it is not, a
 * dialog shows what became of it meanwhile and offers to do the change again.
 */
export function CustomerChanges({
  customer,
  children,
}: {
  customer: CustomerViewFragment;
  children: ReactNode;
}) {
  const [running, setRunning] = useState(0);
  const [conflict, setConflict] = useState<Conflict | null>(null);

  async function apply(change: Change) {
    setRunning((count) => count + 1);
    try {
      const payload = await send(change, change.base ?? customer);
      const problems = payload?.userErrors ?? [];
      if (problems.some(({ code }) => code === 'VERSION_CONFLICT')) {
        const is = await readAgain(customer.id);
        if (is) setConflict({ change, was: change.base ?? customer, is });
        else notifyFailure('This customer is gone', gone);
      } else if (problems.length > 0) {
        (change.onProblems ?? showProblems)(problems);
      } else {
        notifyDone(change.done);
        change.onDone?.();
      }
    } catch (error) {
      notifyFailure('That did not work; nothing is shown that was not saved', toFailure(error));
    } finally {
      setRunning((count) => count - 1);
    }
  }

  return (
    <Context value={{ customer, isBusy: running > 0, apply }}>
      {children}
      <ConflictDialog
        conflict={conflict}
        close={() => setConflict(null)}
        redo={() => {
          if (!conflict) return;
          setConflict(null);
          void apply({ ...conflict.change, base: conflict.is });
        }}
      />
    </Context>
  );
}

const gone = { code: 'NOT_FOUND', message: 'It was deleted meanwhile.', requestId: null };

async function send({ mutation, input, optimistic }: Change, base: CustomerViewFragment) {
  const { data } = await client.mutate<Record<string, Payload>, OperationVariables>({
    mutation,
    variables: { input: { ...input, expectedVersion: base.version } },
    ...(optimistic && { optimisticResponse: optimistic(base) as Record<string, Payload> }),
    refetchQueries: ['Resolution'],
  });
  return data && Object.values(data).find((value) => typeof value === 'object');
}

async function readAgain(id: string): Promise<CustomerViewFragment | null | undefined> {
  const { data } = await client.query({
    query: CustomerDocument,
    variables: { id },
    fetchPolicy: 'network-only',
  });
  return data?.customer;
}

function showProblems(problems: readonly Problem[]): void {
  const message = problems.map((problem) => problem.message).join(' ');
  notifyFailure('That was refused', { code: 'REFUSED', message, requestId: null });
}
