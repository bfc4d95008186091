import type { TypedDocumentNode } from '@apollo/client';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { client } from '../api/client';
import { toFailure } from '../api/failure';
import { notifyDone, notifyFailure } from '../api/notify';
import { CustomerDocument, type CustomerViewFragment } from '../generated/graphql';
import { type Place, placeOfKeyboard, returnTo } from '../shared/keyboard';
import type { Problem } from '../shared/user-errors';
import { ConflictDialog } from './conflict-dialog';

/** What a mutation of one field answers. */
type Answer = Record<string, { readonly userErrors: readonly Problem[] } | null>;

/** The input of a mutation that can be made to depend on the customer's version. */
interface Conditional {
  expectedVersion?: number | null;
}

/** A change of a customer, as one mutation. */
export interface Change<Data extends Answer, Input extends Conditional> {
  readonly mutation: TypedDocumentNode<Data, { input: Input }>;
  /** Without the expected version, which is that of the base. */
  readonly input: NoInfer<Input>;
  /** The customer as the person saw it; by default as it is on the page. */
  readonly base?: CustomerViewFragment;
  /** The mutation's data as it will be; shown at once, and taken back if it comes otherwise. */
  readonly optimistic?: (view: CustomerViewFragment) => Data;
  /** What is said when it is done. */
  readonly done: string;
  readonly onDone?: () => void;
  /** Shows the problems where they belong; by default they are a message. */
  readonly onProblems?: (problems: readonly Problem[]) => void;
  /** What a person presses to have it done in spite of a change in between. */
  readonly again?: string;
}

interface Conflict {
  readonly was: CustomerViewFragment;
  readonly is: CustomerViewFragment;
  readonly again: string | undefined;
  readonly redo: () => void;
  /** Where the keyboard was when the change was asked for. */
  readonly from: Place;
}

interface Changes {
  readonly customer: CustomerViewFragment;
  readonly isBusy: boolean;
  readonly apply: <Data extends Answer, Input extends Conditional>(
    change: Change<Data, Input>,
  ) => Promise<void>;
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
  const askedFrom = useRef<Place>(null);
  useEffect(() => {
    if (running === 0 && askedFrom.current) returnTo(askedFrom.current);
  }, [running]);

  async function apply<Data extends Answer, Input extends Conditional>(change: Change<Data, Input>) {
    const from = placeOfKeyboard();
    askedFrom.current = from;
    const was = change.base ?? customer;
    setRunning((count) => count + 1);
    try {
      const problems = await send(change, was);
      if (problems.some(({ code }) => code === 'VERSION_CONFLICT')) {
        const is = await readAgain(customer.id);
        const redo = () => void apply({ ...change, base: is ?? was });
        if (is) setConflict({ was, is, again: change.again, redo, from });
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
      {conflict && (
        <ConflictDialog
          {...conflict}
          close={() => setConflict(null)}
          redo={() => {
            setConflict(null);
            conflict.redo();
          }}
        />
      )}
    </Context>
  );
}

const gone = { code: 'NOT_FOUND', message: 'It was deleted meanwhile.', requestId: null };

async function send<Data extends Answer, Input extends Conditional>(
  { mutation, input, optimistic }: Change<Data, Input>,
  base: CustomerViewFragment,
): Promise<readonly Problem[]> {
  const { data } = await client.mutate<Answer, { input: Conditional }>({
    mutation,
    variables: { input: { ...input, expectedVersion: base.version } },
    ...(optimistic && { optimisticResponse: optimistic(base) }),
    refetchQueries: ['Resolution'],
  });
  return Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
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
